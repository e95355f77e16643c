using System.Buffers;
using Platform.Indexing.Lexical;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Sparse;

/// <summary>Inner product of a sparse query with every document of one segment, a term at a time, in integers.</summary>
internal static class ImpactSearch
{
    /// <summary>Offers every live document that shares a term with the query to the top-k; its score is the integer sum times both scales.</summary>
    /// <param name="segment">Where to search.</param>
    /// <param name="query">Quantised query.</param>
    /// <param name="scale">Weight of one document step times weight of one query step.</param>
    /// <param name="topK">Takes the documents.</param>
    /// <param name="cancellationToken">Looked at between terms.</param>
    public static void Search(Segment segment, ImpactQuery query, double scale, TopK topK, CancellationToken cancellationToken)
    {
        if (query.TermIds.Count == 0)
        {
            return;                                          // its scale is 0, and "no match" times 0 would be no number
        }

        int documents = segment.DocumentCount;
        double[] scores = ArrayPool<double>.Shared.Rent(documents);
        Span<double> sums = scores.AsSpan(0, documents);
        sums.Fill(double.NegativeInfinity);
        try
        {
            for (int i = 0; i < query.TermIds.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(segment.SparsePostings(query.TermIds[i]), query.Impacts[i], sums);
            }

            foreach (ref double sum in sums)
            {
                sum *= scale;
            }

            topK.Collect(segment, sums, lowest: double.NegativeInfinity);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    private static void Add(Postings postings, int queryImpact, Span<double> sums)
    {
        foreach ((int docId, int impact) in postings)
        {
            double before = sums[docId];
            // integers below 2^31 are exact in float64, so the order of addition does not matter
            sums[docId] = (double.IsNegativeInfinity(before) ? 0 : before) + ((long)queryImpact * impact);
        }
    }
}
