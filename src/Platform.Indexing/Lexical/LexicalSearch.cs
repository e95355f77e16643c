using System.Buffers;
using Platform.Indexing.Fields;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Lexical;

/// <summary>BM25 over one segment, a term at a time.</summary>
internal static class LexicalSearch
{
    /// <summary>Offers every live document that holds a query term to the top-k.</summary>
    /// <param name="segment">Where to search.</param>
    /// <param name="query">Words with their weights.</param>
    /// <param name="topK">Takes them.</param>
    /// <param name="work">Told after each step.</param>
    /// <param name="matches">The only documents that may be found; null for all.</param>
    public static void Search(Segment segment, LexicalQuery query, TopK topK, SearchWork work, FilterMatches? matches = null)
    {
        int documents = segment.DocumentCount;
        double[] scores = ArrayPool<double>.Shared.Rent(documents);
        scores.AsSpan(0, documents).Clear();
        try
        {
            for (int i = 0; i < query.Terms.Count; i++)
            {
                Add(segment.LexicalPostings(query.Terms[i]), segment.Lengths, query, query.Weights[i], scores, work);
            }

            topK.Collect(segment, scores.AsSpan(0, documents), matches);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    /// <summary>The weight of each query term in one document, in the query's order: 0 where it lacks the term.</summary>
    public static double[] DocumentWeights(Segment segment, int docId, LexicalQuery query)
    {
        double norm = Bm25.LengthNorm(segment.Lengths[docId], query.AverageLength, query.K1, query.B);
        double[] weights = new double[query.Terms.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            int frequency = segment.LexicalPostings(query.Terms[i]).ValueOf(docId);
            weights[i] = frequency == 0 ? 0 : Bm25.Saturation(frequency, norm);
        }

        return weights;
    }

    private static void Add(Postings postings, ReadOnlySpan<int> lengths, LexicalQuery query, double weight, Span<double> scores, SearchWork work)
    {
        PostingsCursor cursor = postings.GetEnumerator();
        for (int left = postings.Documents; left > 0; left -= SearchWork.PostingsPerStep)
        {
            int step = Math.Min(left, SearchWork.PostingsPerStep);
            for (int i = 0; i < step && cursor.MoveNext(); i++)
            {
                (int docId, int frequency) = cursor.Current;
                double norm = Bm25.LengthNorm(lengths[docId], query.AverageLength, query.K1, query.B);
                scores[docId] += weight * Bm25.Saturation(frequency, norm);
            }

            work.Add(step);
        }
    }
}
