using System.Globalization;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Writes, updates and deletes documents of its own, by a seed, and tells the model each fate.</summary>
/// <param name="client">Of the process, or the processes, that it writes to.</param>
/// <param name="model">Learns each fate.</param>
/// <param name="name">What its documents' ids begin with.</param>
/// <param name="seed">Of what it writes.</param>
/// <param name="documents">How many documents it may have made by now; beyond that it updates and deletes those that it has.</param>
internal sealed class ChaosWriter(PlatformClient client, ChaosModel model, string name, int seed, Func<int> documents)
{
    private const int BatchItems = 40;
    private static readonly IngestOptions Options = new() { MaxItemsPerRequest = BatchItems, MaxRetries = 100 };

    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(60);      // leaves the processes room to start again

    private readonly Random _random = new(seed);
    private readonly List<string> _own = [];
    private int _version;

    /// <summary>Documents made so far.</summary>
    public int Made => _own.Count;

    /// <summary>Goes on until the token is cancelled; the batch under way is finished.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        using var timer = new PeriodicTimer(BetweenBatches);
        while (!enough.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
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
        for (int tries = 0; batch.Count < BatchItems && tries < 10 * BatchItems; tries++)
        {
            int choice = _random.Next(_own.Count < documents() ? 0 : 7, 10);
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
