using Platform.Client;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Interchange;

/// <summary>Expected FLOPS of given queries: Σ over terms of the share of queries times the share of documents that have the term.</summary>
internal static class QueryFlops
{
    private const int TermsPerCall = 4_096;

    /// <summary>Counts the queries' terms here and the documents' in the index.</summary>
    /// <param name="client">The platform.</param>
    /// <param name="index">The index.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="topTerms">The strongest terms of a query that the index searches; 0 for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<double> OfAsync(
        PlatformClient client, string index, IEnumerable<InterchangeDocument> queries, int topTerms, CancellationToken cancellationToken)
    {
        Dictionary<int, long> queriesOfTerm = [];
        long count = 0;
        foreach (InterchangeDocument query in queries)
        {
            count++;
            foreach (int term in VectorPruning.Keep(query.TermIds, query.Weights, topTerms, minWeight: 0).TermIds)
            {
                queriesOfTerm[term] = queriesOfTerm.GetValueOrDefault(term) + 1;
            }
        }

        double flops = 0;
        foreach (KeyValuePair<int, long>[] portion in queriesOfTerm.OrderBy(term => term.Key).Chunk(TermsPerCall))
        {
            TermCountResponse found = await client.CountTermsAsync(
                index, new TermCountRequest { Terms = [.. portion.Select(term => (long)term.Key)] }, cancellationToken);
            for (int i = 0; i < portion.Length; i++)
            {
                flops += portion[i].Value / (double)count * found.Counts[i] / Math.Max(1, found.Documents);
            }
        }

        return flops;
    }
}
