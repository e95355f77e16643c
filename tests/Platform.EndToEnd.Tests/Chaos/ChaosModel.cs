using System.Collections.Concurrent;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>What every document must be by the acknowledgements so far.</summary>
/// <remarks>Operations on one document come from one writer, one after another; so the last acknowledged one holds.</remarks>
internal sealed class ChaosModel
{
    private const int ChecksAtOnce = 16;

    private readonly ConcurrentDictionary<string, Expectation> _documents = new(StringComparer.Ordinal);
    private long _acknowledged;

    /// <summary>Operations acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Documents that have been written or deleted.</summary>
    public int Documents => _documents.Count;

    /// <summary>Takes the fate of one operation.</summary>
    /// <param name="id">The document.</param>
    /// <param name="text">What was written; null for a deletion.</param>
    /// <param name="result">Its fate.</param>
    public void Take(string id, string? text, IngestResult result)
    {
        if (result.IsAcknowledged)
        {
            Interlocked.Increment(ref _acknowledged);
            _documents[id] = new Expectation(text, []);
        }
        else if (result.Status == IngestStatus.Unknown)
        {
            _documents.AddOrUpdate(id, _ => new Expectation(null, [text]), (_, before) => before with { Possible = [.. before.Possible, text] });
        }
    }

    /// <summary>Compares the index with the acknowledgements, document by document, and by its count.</summary>
    public async Task<ChaosVerdict> CompareAsync(PlatformClient client, string index)
    {
        ConcurrentBag<string> lost = [];
        ConcurrentBag<string> doubled = [];
        int live = 0;
        await Parallel.ForEachAsync(_documents, new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce }, async (entry, token) =>
        {
            string? found = (await client.GetDocumentAsync(index, entry.Key, token))?.Text;
            if (found is not null)
            {
                Interlocked.Increment(ref live);
            }

            if (found != entry.Value.Text && !entry.Value.Possible.Contains(found))
            {
                lost.Add($"{entry.Key}: expected '{entry.Value.Text ?? "none"}', found '{found ?? "none"}'");
            }

            if (entry.Key.EndsWith('7') && found is not null)
            {
                SearchResponse hits = await client.SearchAsync(index, new SearchRequest { Text = $"word{entry.Key}", Fields = [], Top = 5, DeadlineMilliseconds = 60_000 }, token);
                if (!hits.Coverage.Complete || hits.Hits.Count != 1 || hits.Hits[0].Id != entry.Key)
                {
                    doubled.Add($"{entry.Key}: {hits.Hits.Count} hits, {hits.Coverage.Answered} of {hits.Coverage.Asked} shards");
                }
            }
        });
        IndexStatistics statistics = await client.GetStatisticsAsync(index);
        return new ChaosVerdict([.. lost], [.. doubled], statistics.Documents - live);
    }

    private sealed record Expectation(string? Text, IReadOnlyList<string?> Possible);
}

/// <summary>What differs.</summary>
/// <param name="Lost">Documents that are not what was acknowledged.</param>
/// <param name="Doubled">Documents that a search for their own word does not find exactly once.</param>
/// <param name="Phantoms">Documents in the index beyond those written.</param>
internal sealed record ChaosVerdict(IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled, long Phantoms);
