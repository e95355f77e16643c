using System.Diagnostics;
using System.Globalization;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Indexing.Shards;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Writers write, faults happen, and after each fault every shard is written to until it answers.</summary>
internal sealed class ChaosRun(ChaosPlan plan, ChaosCluster cluster, StoreProxy? proxy, ITestOutputHelper output)
{
    /// <summary>The index that is written to.</summary>
    public const string Index = "docs";

    private const int Shards = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(90);
    private static readonly int[] Everyone = [0, 1, 2];

    private readonly ChaosModel _model = new();
    private readonly Random _random = new(plan.Seed);
    private readonly Dictionary<string, List<double>> _secondsToWrite = [];
    private readonly List<double> _secondsToCoverage = [];
    private int _fault;

    /// <summary>Runs the plan, prints its figures, and returns what differs at the end.</summary>
    public async Task<ChaosVerdict> RunAsync()
    {
        using PlatformClient roaming = cluster.NewClient(Patience, Everyone);
        await roaming.CreateIndexAsync(new IndexSpec { Name = Index, Shards = Shards });
        PlatformClient[] pinned = [.. Everyone.Select(slot => cluster.NewClient(LongPatience, slot))];
        using var enough = new CancellationTokenSource();
        int each = plan.Documents / (Everyone.Length + 1);

        // one writer a process waits for its answers however long they take, as a client does that sees a frozen process wake up
        Task writing = Task.WhenAll(
            [.. pinned.Select((client, i) => new ChaosWriter(client, _model, $"w{i}", plan.Seed + i).RunAsync(each, enough.Token)),
            new ChaosWriter(roaming, _model, "r", plan.Seed + 9).RunAsync(each, enough.Token)]);
        var clock = Stopwatch.StartNew();
        foreach (ChaosFault fault in plan.Faults)
        {
            await FaultAsync(fault);
            _fault++;
        }

        double faultSeconds = clock.Elapsed.TotalSeconds;
        if (plan.Documents <= 10_000)
        {
            await enough.CancelAsync();                      // the short run ends with its faults
        }

        await writing;
        Print(faultSeconds, clock.Elapsed.TotalSeconds);
        ChaosVerdict verdict = await _model.CompareAsync(roaming, Index);
        output.WriteLine($"{verdict.Lost.Count} lost, {verdict.Doubled.Count} doubled, {verdict.Phantoms} phantoms");
        foreach (PlatformClient client in pinned)
        {
            client.Dispose();
        }

        return verdict;
    }

    private async Task FaultAsync(ChaosFault fault)
    {
        int victim = _random.Next(ChaosCluster.Size);
        int[] others = [.. Everyone.Where(slot => slot != victim)];
        switch (fault.Kind)
        {
            case "kill":
                await cluster.KillAsync(victim);
                await WriteEverywhereAsync(fault.Kind, others);
                await cluster.StartAsync(victim);
                break;
            case "all":
                await Task.WhenAll(Everyone.Select(cluster.KillAsync));
                var restart = Stopwatch.StartNew();
                Task starting = Task.WhenAll(Everyone.Select(cluster.StartAsync));
                await UntilCoveredAsync();
                _secondsToCoverage.Add(restart.Elapsed.TotalSeconds);
                await starting;
                await WriteEverywhereAsync(fault.Kind, Everyone);
                break;
            case "freeze":
                await cluster.SignalAsync(victim, "STOP");
                Task frozen = Task.Delay(fault.Length);
                await WriteEverywhereAsync(fault.Kind, others);
                await frozen;
                await cluster.SignalAsync(victim, "CONT");
                await WriteEverywhereAsync("thaw", others);
                await cluster.RestartIfEndedAsync(victim);
                break;
            case "outage":
                proxy!.Cut();
                await Task.Delay(fault.Length);
                proxy.Mend();
                await WriteEverywhereAsync($"outage of {fault.Length.TotalSeconds} s", Everyone);
                break;
            case "slow":
                proxy!.Slow(TimeSpan.FromMilliseconds(200));
                Task slow = Task.Delay(fault.Length);
                await WriteEverywhereAsync("slow store", Everyone);
                await slow;
                proxy.Mend();
                break;
            default:
                throw new InvalidOperationException($"'{fault.Kind}' is no fault; they are kill, all, freeze, outage and slow.");
        }
    }

    /// <summary>Writes one document to each shard at once, and notes how long the slowest took from now.</summary>
    private async Task WriteEverywhereAsync(string after, int[] slots)
    {
        var clock = Stopwatch.StartNew();
        using PlatformClient client = cluster.NewClient(Patience, slots);
        await Task.WhenAll(Enumerable.Range(0, Shards).Select(async shard =>
        {
            string id = IdOf(shard, $"f{_fault}{after[0]}");
            string text = $"word{id} probe";
            var options = new IngestOptions { MaxRetries = 100 };
            IAsyncEnumerable<BulkItem> one = new[] { new BulkItem { Id = id, Text = text } }.ToAsyncEnumerable();
            await foreach (IngestResult result in client.IngestResultsAsync(Index, one, options))
            {
                _model.Take(id, text, result);
            }
        }));
        if (!_secondsToWrite.TryGetValue(after, out List<double>? seconds))
        {
            _secondsToWrite[after] = seconds = [];
        }

        seconds.Add(clock.Elapsed.TotalSeconds);
    }

    private async Task UntilCoveredAsync()
    {
        using PlatformClient client = cluster.NewClient(Patience, Everyone);
        var limit = Stopwatch.StartNew();
        while (!await IsCoveredAsync(client))
        {
            Assert.True(limit.Elapsed < LongPatience, "no full coverage after all processes were started again");
        }
    }

    /// <summary>False also while no process listens yet.</summary>
    private static async Task<bool> IsCoveredAsync(PlatformClient client)
    {
        try
        {
            return (await client.GetStatisticsAsync(Index)).Coverage.Complete;
        }
        catch (PlatformClientException)
        {
            return false;
        }
    }

    private static string IdOf(int shard, string prefix) => Enumerable.Range(0, int.MaxValue)
        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}x{i}"))
        .First(id => Shard.BucketOf(id) * Shards / 4096 == shard);

    private void Print(double faultSeconds, double seconds)
    {
        output.WriteLine($"chaos seed {plan.Seed}, {(plan.InAzure ? "Azurite" : "files")}: {plan.Faults.Count} faults in {faultSeconds:0} s; {_model.Acknowledged} operations on {_model.Documents} documents acknowledged in {seconds:0} s; peak memory {cluster.PeakMemory >> 20} MiB");
        foreach ((string after, List<double> times) in _secondsToWrite)
        {
            output.WriteLine($"after {after}: {times.Count} times; seconds to a write on every shard: median {Median(times):0.00}, worst {times.Max():0.00}");
        }

        if (_secondsToCoverage.Count > 0)
        {
            output.WriteLine($"restart of all to full coverage: median {Median(_secondsToCoverage):0.00} s, worst {_secondsToCoverage.Max():0.00} s");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
