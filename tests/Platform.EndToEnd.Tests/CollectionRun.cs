using System.Globalization;
using System.Text;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Metrics;

namespace Platform.EndToEnd.Tests;

/// <summary>A real collection, ingested and searched through the client.</summary>
internal sealed class CollectionRun(PlatformClient client, BeirCollection collection, string split)
{
    private const int QueriesAtOnce = 8;

    /// <summary>Creates an index and ingests the whole collection.</summary>
    public async Task IngestAsync(string index, int shards, string encoder = "lexical", IngestOptions? options = null, DenseSpec? dense = null)
    {
        await client.CreateIndexAsync(new IndexSpec { Name = index, Shards = shards, Encoder = encoder, Dense = dense });
        await ApplyAsync(index, collection.ReadDocumentsAsync(), delete: false, options);
    }

    /// <summary>Deletes every third document, then ingests those again.</summary>
    public async Task DeleteAndAddAThirdAsync(string index)
    {
        await ApplyAsync(index, EveryThirdAsync(), delete: true);
        await ApplyAsync(index, EveryThirdAsync(), delete: false);
    }

    /// <summary>Searches every judged query and returns the run file's text.</summary>
    public async Task<string> SearchAsync(string index, int depth, string? mode = null, FusionSpec? fusion = null)
    {
        HashSet<string> judged = [.. collection.ReadQrels(split).QueryIds];
        List<CollectionQuery> queries = [];
        await foreach (CollectionQuery query in collection.ReadQueriesAsync())
        {
            if (judged.Contains(query.Id))
            {
                queries.Add(query);
            }
        }

        string[] parts = new string[queries.Count];
        await Parallel.ForAsync(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = QueriesAtOnce }, async (i, token) =>
        {
            SearchResponse response = await client.SearchAsync(
                index, new SearchRequest { Text = queries[i].Text, Mode = mode, Fusion = fusion, Top = depth, Fields = [], DeadlineMilliseconds = 60_000 }, token);
            Assert.True(response.Coverage.Complete, $"query {queries[i].Id}: {response.Coverage}");
            var lines = new StringBuilder();
            for (int rank = 0; rank < response.Hits.Count; rank++)
            {
                SearchHit hit = response.Hits[rank];
                lines.Append(CultureInfo.InvariantCulture, $"{queries[i].Id} Q0 {hit.Id} {rank + 1} {hit.Score:R} end-to-end\n");
            }

            parts[i] = lines.ToString();
        });
        return string.Concat(parts);
    }

    /// <summary>nDCG@10 of a run's text.</summary>
    public double NdcgAt10(string run)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, run);
            return RunEvaluator.EvaluateFile(file, collection.ReadQrels(split)).Mean("nDCG@10");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task ApplyAsync(string index, IAsyncEnumerable<CollectionDocument> documents, bool delete, IngestOptions? options = null)
    {
        IAsyncEnumerable<BulkItem> items = documents.Select(document => delete
            ? new BulkItem { Id = document.Id, Action = "delete" }
            : new BulkItem { Id = document.Id, Title = document.Title, Text = document.Text });
        IngestSummary summary = await client.IngestAsync(index, items, options);
        Assert.True(summary.IsComplete, summary.Failures.Count > 0 ? summary.Failures[0].ToString() : "");
    }

    private IAsyncEnumerable<CollectionDocument> EveryThirdAsync() =>
        collection.ReadDocumentsAsync().Where((_, position) => position % 3 == 0);
}
