using System.Text;
using Platform.Indexing.Lexical;

namespace Platform.Indexing.Shards;

/// <summary>Turns segments into one segment file.</summary>
internal static class SegmentMerger
{
    /// <summary>Seals a memory segment as it is: documents keep their numbers, deleted ones stay.</summary>
    public static byte[] Seal(MemorySegment segment)
    {
        using var writer = new SegmentWriter();
        for (int docId = 0; docId < segment.DocumentCount; docId++)
        {
            writer.AddDocument(segment.KeyOf(docId), segment.Lengths[docId], segment.StoredOf(docId));
        }

        var terms = segment.LexicalTerms.Select(entry => (Term: Encoding.UTF8.GetBytes(entry.Key), entry.Value)).ToList();
        terms.Sort((a, b) => a.Term.AsSpan().SequenceCompareTo(b.Term));
        foreach ((byte[] term, PostingsBuffer postings) in terms)
        {
            writer.AddLexicalTerm(term, postings.Postings);
        }

        foreach ((int termId, PostingsBuffer postings) in segment.SparseTerms.OrderBy(entry => entry.Key))
        {
            writer.AddSparseTerm(termId, postings.Postings);
        }

        return writer.Finish();
    }

    /// <summary>Merges sealed segments and leaves out the documents whose deletion is settled.</summary>
    /// <param name="segments">What to merge, in order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file, and for each segment the new number of each document, -1 for those left out.</returns>
    public static (byte[] File, int[][] NewDocIds) Merge(IReadOnlyList<SealedSegment> segments, CancellationToken cancellationToken)
    {
        using var writer = new SegmentWriter();
        int[][] newDocIds = new int[segments.Count][];
        int next = 0;
        for (int i = 0; i < segments.Count; i++)
        {
            newDocIds[i] = new int[segments[i].DocumentCount];
            for (int docId = 0; docId < newDocIds[i].Length; docId++)
            {
                if (segments[i].Settled.Contains(docId))
                {
                    newDocIds[i][docId] = -1;
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                writer.AddDocument(segments[i].KeyOf(docId), segments[i].Lengths[docId], segments[i].StoredOf(docId));
                newDocIds[i][docId] = next++;
            }
        }

        MergeLexical(writer, segments, newDocIds, cancellationToken);
        MergeSparse(writer, segments, newDocIds, cancellationToken);
        return (writer.Finish(), newDocIds);
    }

    private static void MergeLexical(
        SegmentWriter writer, IReadOnlyList<SealedSegment> segments, int[][] newDocIds, CancellationToken cancellationToken)
    {
        int[] at = new int[segments.Count];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> smallest = default;
            bool any = false;
            for (int i = 0; i < at.Length; i++)
            {
                if (at[i] < segments[i].LexicalTermCount
                    && (!any || segments[i].LexicalTerm(at[i]).SequenceCompareTo(smallest) < 0))
                {
                    smallest = segments[i].LexicalTerm(at[i]);
                    any = true;
                }
            }

            if (!any)
            {
                return;
            }

            var merged = new PostingsBuffer();
            for (int i = 0; i < at.Length; i++)
            {
                if (at[i] < segments[i].LexicalTermCount && segments[i].LexicalTerm(at[i]).SequenceEqual(smallest))
                {
                    Append(merged, segments[i].LexicalPostings(at[i]++), newDocIds[i]);
                }
            }

            if (merged.Documents > 0)
            {
                writer.AddLexicalTerm(smallest, merged.Postings);
            }
        }
    }

    private static void MergeSparse(
        SegmentWriter writer, IReadOnlyList<SealedSegment> segments, int[][] newDocIds, CancellationToken cancellationToken)
    {
        SortedSet<int> termIds = [];
        foreach (SealedSegment segment in segments)
        {
            termIds.UnionWith(segment.SparseTermIds.ToArray());
        }

        foreach (int termId in termIds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var merged = new PostingsBuffer();
            for (int i = 0; i < segments.Count; i++)
            {
                Append(merged, segments[i].SparsePostings(termId), newDocIds[i]);
            }

            if (merged.Documents > 0)
            {
                writer.AddSparseTerm(termId, merged.Postings);
            }
        }
    }

    private static void Append(PostingsBuffer merged, Postings postings, int[] newDocIds)
    {
        foreach ((int docId, int value) in postings)
        {
            if (newDocIds[docId] >= 0)
            {
                merged.Add(newDocIds[docId], value);
            }
        }
    }
}
