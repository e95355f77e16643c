using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>The documents that a search matches, whatever their scores: those that share a term with the query, or have a vector.</summary>
/// <param name="Lexical">The words of a leg by BM25; null without one.</param>
/// <param name="Sparse">A leg by sparse vector; null without one.</param>
/// <param name="Dense">Whether there is a leg by dense vector.</param>
/// <param name="Filter">The only documents that count; null for all.</param>
public sealed record QueryMatches(LexicalQuery? Lexical, ImpactQuery? Sparse, bool Dense, FieldFilter? Filter)
{
    /// <summary>One bit a live document of a segment, set where any leg matches.</summary>
    internal ulong[] Of(Segment segment, CancellationToken cancellationToken)
    {
        ulong[] matches = new ulong[(segment.DocumentCount + 63) / 64];
        foreach (string term in Lexical?.Terms ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach ((int docId, _) in segment.LexicalPostings(term))
            {
                matches[docId >> 6] |= 1UL << docId;
            }
        }

        foreach (int termId in Sparse?.TermIds ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            segment.MarkSparse(termId, matches);
        }

        if (Dense && segment.Vectors is { } vectors)
        {
            Mark(vectors, matches);
        }

        ReadOnlySpan<ulong> deleted = segment.Deleted.Words;
        ReadOnlySpan<ulong> allowed = Filter is null ? default : segment.Match(Filter).Allowed;
        for (int word = 0; word < matches.Length; word++)
        {
            matches[word] &= ~(word < deleted.Length ? deleted[word] : 0) & (Filter is null ? ulong.MaxValue : allowed[word]);
        }

        return matches;
    }

    private static void Mark(VectorRows vectors, Span<ulong> matches)
    {
        for (int row = 0; row < vectors.Count; row++)
        {
            int docId = vectors.DocIdOf(row);
            matches[docId >> 6] |= 1UL << docId;
        }
    }
}
