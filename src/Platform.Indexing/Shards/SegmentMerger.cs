using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>Turns segments into one segment file: their live documents, similar ones beside each other.</summary>
internal static class SegmentMerger
{
    /// <summary>Makes a file of a memory segment, without the documents whose deletion is settled.</summary>
    public static MergedSegment Seal(MemorySegment segment, CancellationToken cancellationToken)
    {
        using var writer = new SegmentWriter();
        int[][] newDocIds = WriteDocuments(
            writer, [segment], (builder, _) => segment.Sparse.CopyTo(builder, segment.Settled.Words), cancellationToken);
        var terms = segment.LexicalTerms.Select(entry => (Term: Encoding.UTF8.GetBytes(entry.Key), entry.Value)).ToList();
        terms.Sort((a, b) => a.Term.AsSpan().SequenceCompareTo(b.Term));
        var postings = new RenumberedPostings();
        foreach ((byte[] term, PostingsBuffer buffer) in terms)
        {
            postings.Add(buffer.Postings, newDocIds[0]);
            postings.WriteTo(writer, term);
        }

        MergeVectors(writer, [segment], newDocIds, cancellationToken);
        MergeFields(writer, [segment], newDocIds, cancellationToken);
        return new MergedSegment(writer.Finish(), writer.DocumentCount, newDocIds);
    }

    /// <summary>Merges sealed segments and leaves out the documents whose deletion is settled.</summary>
    /// <param name="segments">What to merge.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static MergedSegment Merge(IReadOnlyList<SealedSegment> segments, CancellationToken cancellationToken)
    {
        using var writer = new SegmentWriter();
        int[][] newDocIds = WriteDocuments(
            writer,
            segments,
            (builder, i) => SegmentMerge.Append(builder, segments[i].Sparse, segments[i].Settled.Words, cancellationToken),
            cancellationToken);
        MergeLexical(writer, segments, newDocIds, cancellationToken);
        MergeVectors(writer, segments, newDocIds, cancellationToken);
        MergeFields(writer, segments, newDocIds, cancellationToken);
        return new MergedSegment(writer.Finish(), writer.DocumentCount, newDocIds);
    }

    /// <summary>Writes sparse postings and documents; the sparse postings say in which order.</summary>
    /// <returns>For each segment the new number of each document, -1 for those left out.</returns>
    private static int[][] WriteDocuments(
        SegmentWriter writer, IReadOnlyList<Segment> segments, Action<SparseSegmentBuilder, int> append, CancellationToken cancellationToken)
    {
        List<(int Segment, int DocId)> sources = [];
        int[][] newDocIds = new int[segments.Count][];
        for (int i = 0; i < segments.Count; i++)
        {
            newDocIds[i] = new int[segments[i].DocumentCount];
            for (int docId = 0; docId < newDocIds[i].Length; docId++)
            {
                newDocIds[i][docId] = segments[i].Settled.Contains(docId) ? -1 : 0;
                if (newDocIds[i][docId] == 0)
                {
                    sources.Add((i, docId));
                }
            }
        }

        int[]? order = WriteSparse(writer, segments, sources, append, cancellationToken);
        for (int docId = 0; docId < sources.Count; docId++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int i, int source) = sources[order is null ? docId : order[docId]];
            writer.AddDocument(segments[i].KeyOf(source), segments[i].Lengths[source], segments[i].StoredOf(source));
            newDocIds[i][source] = docId;
        }

        return newDocIds;
    }

    private static int[]? WriteSparse(
        SegmentWriter writer,
        IReadOnlyList<Segment> segments,
        List<(int Segment, int DocId)> sources,
        Action<SparseSegmentBuilder, int> append,
        CancellationToken cancellationToken)
    {
        bool any = segments.Any(segment => segment.SparsePostingCount > 0);
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Scale = Segment.SparseScale, Reorder = any });
        for (int i = 0; i < segments.Count; i++)
        {
            append(builder, i);
        }

        using var bytes = new MemoryStream();
        SparseBuildResult result = builder.Build(bytes, any ? KeyRanks(segments, sources) : [], cancellationToken);
        writer.AddSparse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), builder.PostingCount);
        return result.Order;
    }

    /// <summary>The place of each document in the order of keys.</summary>
    private static int[] KeyRanks(IReadOnlyList<Segment> segments, List<(int Segment, int DocId)> sources)
    {
        ReadOnlySpan<byte> KeyOf(int document) => segments[sources[document].Segment].KeyOf(sources[document].DocId);
        int[] byKey = [.. Enumerable.Range(0, sources.Count)];
        Array.Sort(byKey, (a, b) => KeyOf(a).SequenceCompareTo(KeyOf(b)) is var order and not 0 ? order : a.CompareTo(b));
        int[] ranks = new int[byKey.Length];
        for (int rank = 0; rank < byKey.Length; rank++)
        {
            ranks[byKey[rank]] = rank;
        }

        return ranks;
    }

    /// <summary>Copies the vectors of the documents that stay, as they are stored.</summary>
    private static void MergeVectors(
        SegmentWriter writer, IReadOnlyList<Segment> segments, int[][] newDocIds, CancellationToken cancellationToken)
    {
        List<DenseRow> rows = [];
        for (int i = 0; i < segments.Count; i++)
        {
            VectorRows? vectors = segments[i].Vectors;
            for (int row = 0; vectors is not null && row < vectors.Count; row++)
            {
                int docId = newDocIds[i][vectors.DocIdOf(row)];
                if (docId >= 0)
                {
                    rows.Add(new DenseRow(vectors, row, docId));
                }
            }
        }

        if (rows.Count > 0)
        {
            rows.Sort((a, b) => a.DocId.CompareTo(b.DocId));
            writer.AddVectors(rows, cancellationToken);
        }
    }

    private static void MergeFields(
        SegmentWriter writer, IReadOnlyList<Segment> segments, int[][] newDocIds, CancellationToken cancellationToken) =>
        writer.AddFields(FieldSegmentWriter.Write([.. segments.Select(segment => segment.Fields)], newDocIds, writer.DocumentCount, cancellationToken));

    private static void MergeLexical(
        SegmentWriter writer, IReadOnlyList<SealedSegment> segments, int[][] newDocIds, CancellationToken cancellationToken)
    {
        int[] at = new int[segments.Count];
        var merged = new RenumberedPostings();
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

            for (int i = 0; i < at.Length; i++)
            {
                if (at[i] < segments[i].LexicalTermCount && segments[i].LexicalTerm(at[i]).SequenceEqual(smallest))
                {
                    merged.Add(segments[i].LexicalPostings(at[i]++), newDocIds[i]);
                }
            }

            merged.WriteTo(writer, smallest);
        }
    }

    /// <summary>One term's postings under new numbers.</summary>
    private sealed class RenumberedPostings
    {
        private readonly List<(int DocId, int Value)> _postings = [];

        public void Add(Postings postings, int[] newDocIds)
        {
            foreach ((int docId, int value) in postings)
            {
                if (newDocIds[docId] >= 0)
                {
                    _postings.Add((newDocIds[docId], value));
                }
            }
        }

        public void WriteTo(SegmentWriter writer, ReadOnlySpan<byte> term)
        {
            if (_postings.Count > 0)
            {
                _postings.Sort();
                var buffer = new PostingsBuffer();
                foreach ((int docId, int value) in _postings)
                {
                    buffer.Add(docId, value);
                }

                writer.AddLexicalTerm(term, buffer.Postings);
                _postings.Clear();
            }
        }
    }
}

/// <summary>A new segment file.</summary>
/// <param name="File">Its bytes.</param>
/// <param name="DocumentCount">Its documents.</param>
/// <param name="NewDocIds">For each source the new number of each document, -1 for those left out.</param>
internal sealed record MergedSegment(byte[] File, int DocumentCount, int[][] NewDocIds);
