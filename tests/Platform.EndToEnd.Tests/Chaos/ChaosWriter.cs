using System.Globalization;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Writes, updates and deletes documents of its own, by a seed, and tells the model each fate.</summary>
internal sealed class ChaosWriter(PlatformClient client, ChaosModel model, string name, int seed)
{
    private const int BatchItems = 40;
    private static readonly IngestOptions Options = new() { MaxItemsPerRequest = BatchItems, MaxRetries = 100 };

    private readonly Random _random = new(seed);
    private readonly List<string> _own = [];
    private int _version;

    /// <summary>Goes on until so many documents are made, or the token is cancelled; the batch under way is finished.</summary>
    public async Task RunAsync(int documents, CancellationToken enough)
    {
        while (_own.Count < documents && !enough.IsCancellationRequested)
        {
            Dictionary<string, string?> batch = NextBatch();
            IAsyncEnumerable<BulkItem> items = batch.Select(entry => entry.Value is { } text
                ? new BulkItem { Id = entry.Key, Text = text }
                : new BulkItem { Id = entry.Key, Action = "delete" }).ToAsyncEnumerable();
            try
            {
                await foreach (IngestResult result in client.IngestResultsAsync(ChaosRun.Index, items, Options, progress: null, CancellationToken.None))
                {
                    model.Take(result.Id, batch[result.Id], result);
                }
            }
            catch (IngestStoppedException)
            {
                // each item's fate has been told: what is unknown may be either
            }
        }
    }

    private Dictionary<string, string?> NextBatch()
    {
        Dictionary<string, string?> batch = new(StringComparer.Ordinal);
        while (batch.Count < BatchItems)
        {
            int choice = _random.Next(10);
            string id = choice < 7 || _own.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"{name}x{_own.Count}") : _own[_random.Next(_own.Count)];
            if (batch.ContainsKey(id))
            {
                continue;
            }

            if (choice < 7 || _own.Count == 0)
            {
                _own.Add(id);
            }

            batch[id] = choice == 9
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"word{id} version{_version++} {string.Join(' ', Enumerable.Range(0, 20).Select(_ => $"common{_random.Next(1000)}"))}");
        }

        return batch;
    }
}
