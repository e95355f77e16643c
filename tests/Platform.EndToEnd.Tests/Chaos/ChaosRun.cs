using System.Diagnostics;
using System.Globalization;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Indexing.Shards;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Writers write, faults happen, and after each fault every shard is written to until it answers.</summary>
internal sealed class ChaosRun(ChaosPlan plan, ChaosCluster cluster, ITestOutputHelper output)
{
    /// <summary>The index that is written to.</summary>
    public const string Index = "docs";

    private const int Shards = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan DeathIsSure = TimeSpan.FromSeconds(8);          // a silo that is silent for longer is declared dead
    private static readonly TimeSpan UntilItKnows = TimeSpan.FromSeconds(10);
    private static readonly int[] Everyone = [0, 1, 2];

    private readonly ChaosModel _model = new();
    private readonly Random _random = new(plan.Seed);
    private readonly Dictionary<string, List<double>> _seconds = [];
    private int _fault;

    /// <summary>Runs the plan, prints its figures, and returns what differs at the end.</summary>
    public async Task<ChaosVerdict> RunAsync()
    {
        using PlatformClient roaming = cluster.NewClient(Patience, Everyone);
        await roaming.CreateIndexAsync(new IndexSpec { Name = Index, Shards = Shards });
        PlatformClient[] pinned = [.. Everyone.Select(slot => cluster.NewClient(LongPatience, slot))];
        using var enough = new CancellationTokenSource();

        // ingest lasts as long as the faults; one writer a process waits for its answers however long they take, as a client that sees a frozen process wake up
        int Allowed() => plan.Documents / (Everyone.Length + 1) * (_fault + 1) / (plan.Faults.Count + 1);
        ChaosWriter[] writers =
            [.. pinned.Select((client, i) => new ChaosWriter(client, _model, $"w{i}", plan.Seed + i, Allowed)), new ChaosWriter(roaming, _model, "r", plan.Seed + 9, Allowed)];
        Task writing = Task.WhenAll(writers.Select(writer => writer.RunAsync(enough.Token)));
        var clock = Stopwatch.StartNew();
        double faultSeconds;
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (; _fault < plan.Faults.Count; _fault++)
            {
                await MadeAsync(writers, Allowed, timer);
                await FaultAsync(plan.Faults[_fault]);
            }

            faultSeconds = clock.Elapsed.TotalSeconds;
            await MadeAsync(writers, Allowed, timer);
        }
        finally
        {
            await enough.CancelAsync();
            await writing;
        }

        Print(faultSeconds, clock.Elapsed.TotalSeconds);
        ChaosVerdict verdict = await _model.CompareAsync(roaming, Index);
        output.WriteLine($"{verdict.Lost.Count} lost, {verdict.Doubled.Count} doubled, {verdict.Phantoms} phantoms");
        foreach (PlatformClient client in pinned)
        {
            client.Dispose();
        }

        return verdict;
    }

    /// <summary>Waits until the roaming writer, which no single process holds up, has made half of what it may.</summary>
    private static async Task MadeAsync(ChaosWriter[] writers, Func<int> allowed, PeriodicTimer timer)
    {
        while (writers[^1].Made < allowed() / 2)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task FaultAsync(ChaosFault fault)
    {
        int victim = _random.Next(ChaosCluster.Size);
        int[] others = [.. Everyone.Where(slot => slot != victim)];
        switch (fault.Kind)
        {
            case "kill":
                HashSet<int> held = await HeldByAsync(victim, others);
                await cluster.KillAsync(victim);
                await WriteEverywhereAsync(fault.Kind, others, held);
                await cluster.StartAsync(victim);
                break;
            case "all":
                await Task.WhenAll(Everyone.Select(cluster.KillAsync));
                var restart = Stopwatch.StartNew();
                Task starting = Task.WhenAll(Everyone.Select(cluster.StartAsync));
                try
                {
                    await UntilCoveredAsync();
                    Note("restart of all, full coverage", restart.Elapsed.TotalSeconds);
                }
                finally
                {
                    await starting;                          // or the cluster would be taken down around processes that still start
                }

                await WriteEverywhereAsync(fault.Kind, Everyone);
                break;
            case "freeze":
                await cluster.SignalAsync(victim, "STOP");
                Task frozen = Task.Delay(fault.Length);
                await WriteEverywhereAsync(fault.Kind, others);
                await frozen;
                await cluster.SignalAsync(victim, "CONT");
                await WriteEverywhereAsync("thaw", others);
                await cluster.RestartIfItEndsAsync(victim, fault.Length > DeathIsSure ? UntilItKnows : TimeSpan.Zero);
                break;
            case "outage":
                cluster.CutStore();
                await Task.Delay(fault.Length);
                cluster.Mend();
                await WriteEverywhereAsync($"outage of {fault.Length.TotalSeconds} s", Everyone);
                break;
            case "slow":
                cluster.SlowStore(TimeSpan.FromMilliseconds(200));
                Task slow = Task.Delay(fault.Length);
                await WriteEverywhereAsync("slow store", Everyone);
                await slow;
                cluster.Mend();
                break;
            case "apart":
                cluster.CutOff(victim);
                Task apart = Task.Delay(fault.Length);
                await WriteEverywhereAsync("one cut off", others);
                await apart;
                cluster.Mend();
                await WriteEverywhereAsync("joined again", others);
                await cluster.RestartIfItEndsAsync(victim, fault.Length > DeathIsSure ? UntilItKnows : TimeSpan.Zero);
                break;
            default:
                throw new InvalidOperationException($"'{fault.Kind}' is no fault; they are kill, all, freeze, outage, slow and apart.");
        }
    }

    /// <summary>The shards that a process holds.</summary>
    private async Task<HashSet<int>> HeldByAsync(int slot, int[] others)
    {
        using PlatformClient client = cluster.NewClient(Patience, others);
        return [.. (await client.ListShardsAsync(Index)).Shards.Where(shard => shard.Silo == cluster.SiloOf(slot)).Select(shard => shard.Ordinal)];
    }

    /// <summary>Writes one document to each shard at once, and notes how long the slowest took from now.</summary>
    /// <param name="after">Which fault, in the figures.</param>
    /// <param name="slots">The processes that are asked.</param>
    /// <param name="held">Shards whose times are noted one by one, since the fault has taken their process.</param>
    private async Task WriteEverywhereAsync(string after, int[] slots, HashSet<int>? held = null)
    {
        var clock = Stopwatch.StartNew();
        using PlatformClient client = cluster.NewClient(Patience, slots);
        double[] seconds = await Task.WhenAll(Enumerable.Range(0, Shards).Select(async shard =>
        {
            string id = IdOf(shard, $"f{_fault}{after[0]}");
            string text = $"word{id} probe";
            var options = new IngestOptions { MaxRetries = 100 };
            IAsyncEnumerable<BulkItem> one = new[] { new BulkItem { Id = id, Text = text } }.ToAsyncEnumerable();
            await foreach (IngestResult result in client.IngestResultsAsync(Index, one, options))
            {
                _model.Take(id, text, result);
                Assert.True(result.IsAcknowledged, $"after {after}: shard {shard} acknowledged no write in 100 attempts: {result}\n{cluster.Tail}");
            }

            return clock.Elapsed.TotalSeconds;
        }));
        Note($"{after}, every shard", seconds.Max());
        foreach (int shard in held ?? [])
        {
            Note($"{after}, a shard of the process", seconds[shard]);
        }
    }

    private void Note(string what, double seconds)
    {
        if (!_seconds.TryGetValue(what, out List<double>? noted))
        {
            _seconds[what] = noted = [];
        }

        noted.Add(seconds);
    }

    private async Task UntilCoveredAsync()
    {
        using PlatformClient client = cluster.NewClient(Patience, Everyone);
        var limit = Stopwatch.StartNew();
        while (!await IsCoveredAsync(client))
        {
            Assert.True(limit.Elapsed < LongPatience, $"no full coverage after all processes were started again\n{cluster.Tail}");
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
        output.WriteLine($"chaos seed {plan.Seed}, {(plan.InAzure ? "Azurite" : "files")}: {plan.Faults.Count} faults in {faultSeconds:0} s; {_model.Acknowledged} operations on {_model.Documents} documents acknowledged in {seconds:0} s; peak memory {cluster.PeakMemory >> 20} MiB; {cluster.EndedByThemselves} processes ended by themselves");
        foreach ((string what, List<double> times) in _seconds)
        {
            output.WriteLine(FormattableString.Invariant($"{what}: {times.Count} times, median {Median(times):0.00} s, worst {times.Max():0.00} s"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
