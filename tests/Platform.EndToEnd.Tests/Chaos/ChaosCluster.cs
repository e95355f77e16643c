using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;
using Platform.Client;
using Platform.EndToEnd.Tests.Cluster;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Three processes that are killed, frozen and started again, each at its own addresses.</summary>
internal sealed partial class ChaosCluster : IAsyncDisposable
{
    /// <summary>How many processes.</summary>
    public const int Size = 3;

    private const int StartsAtMost = 3;

    private const string ConnectionVariable = "TEST_STORE_CONNECTION";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-chaos-");
    private readonly RedisServer _redis;
    private readonly string? _connection;
    private readonly LinkProxy[] _toRedis;                   // each process's own, so that one can be cut off alone
    private readonly LinkProxy[] _toStore;                   // none for files
    private readonly int[] _ports = FreePorts();             // a process's three lie together: HTTP, silo, gateway of the silo
    private readonly PlatformProcess?[] _processes = new PlatformProcess?[Size];
    private string _key = "";
    private long _peakMemory;

    private ChaosCluster(RedisServer redis, string? connection)
    {
        (_redis, _connection) = (redis, connection);
        _toRedis = [.. Enumerable.Range(0, Size).Select(_ => new LinkProxy(redis.Endpoint))];
        _toStore = connection is null ? [] : [.. Enumerable.Range(0, Size).Select(_ => new LinkProxy(StorePattern().Match(connection).Value))];
    }

    /// <summary>The most memory that any process has held, in bytes.</summary>
    public long PeakMemory => Math.Max(_peakMemory, _processes.Max(process => process?.PeakMemory ?? 0));

    /// <summary>Processes that ended by themselves and were started again, as a supervisor does.</summary>
    public int EndedByThemselves { get; private set; }

    /// <summary>The last lines that each process has printed, for who looks into a failure.</summary>
    public string Tail => string.Join('\n', _processes.Select((process, slot) =>
        $"process {slot}: {(process is null ? "killed" : process.HasEnded ? "ended" : "runs")}\n{string.Join('\n', process?.Output.Split('\n').TakeLast(15) ?? [])}"));

    /// <summary>Starts it: over files, or over the account of a connection string.</summary>
    public static async Task<ChaosCluster> StartAsync(string? connection)
    {
        var cluster = new ChaosCluster(await RedisServer.StartAsync(), connection);
        await cluster.StartAsync(0);
        cluster._key = cluster._processes[0]!.Key ?? throw new InvalidOperationException($"No key was printed:\n{cluster._processes[0]!.Output}");
        await Task.WhenAll(cluster.StartAsync(1), cluster.StartAsync(2));
        return cluster;
    }

    /// <summary>A client of some of the processes.</summary>
    public PlatformClient NewClient(TimeSpan requestTimeout, params int[] slots) => new(new PlatformClientOptions
    {
        Endpoints = [.. slots.Select(slot => new Uri(UrlOf(slot)))],
        ApiKey = _key,
        MaxRetries = 100,
        RequestTimeout = requestTimeout,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        RetryDelay = TimeSpan.FromMilliseconds(50),
        MaxRetryDelay = TimeSpan.FromMilliseconds(400),
        JitterSeed = 1,
    });

    /// <summary>The silo of a slot, as lists of shards name it.</summary>
    public string SiloOf(int slot) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[(slot * 3) + 1]}");

    /// <summary>Starts the process of a slot; returns when it serves.</summary>
    public async Task StartAsync(int slot)
    {
        string folder = _connection is null ? _data.FullName : _data.CreateSubdirectory($"machine-{slot}").FullName;
        string[] store = _connection is null ? [] : ["--storage", "azure", "--azure-connection", ConnectionVariable];
        Dictionary<string, string> environment = new() { ["PLATFORM_Shard__SealAtBytes"] = "1000000" };
        if (_connection is not null)
        {
            environment[ConnectionVariable] = StorePattern().Replace(_connection, _toStore[slot].Address);
        }

        string[] addresses = ["--url", UrlOf(slot), "--silo-port", Text(_ports[(slot * 3) + 1]), "--silo-gateway-port", Text(_ports[(slot * 3) + 2])];
        for (int left = StartsAtMost; ; left--)
        {
            try
            {
                _processes[slot] = await PlatformProcess.StartAsync(folder, environment, ["--membership", "redis", "--redis", _toRedis[slot].Address, .. addresses, .. store]);
                return;
            }
            catch (InvalidOperationException) when (left > 1)
            {
                EndedByThemselves++;                         // on a machine that starves it, a silo may be declared dead before it has joined
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(int slot)
    {
        if (_processes[slot] is { } process)
        {
            _peakMemory = PeakMemory;
            await process.DisposeAsync();
            _processes[slot] = null;
        }
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public Task SignalAsync(int slot, string signal) => _processes[slot]!.SignalAsync(signal);

    /// <summary>Cuts every process off from the store, until <see cref="Mend"/>.</summary>
    public void CutStore() => Array.ForEach(_toStore, link => link.Cut());

    /// <summary>Holds back what the store answers, until <see cref="Mend"/>.</summary>
    public void SlowStore(TimeSpan delay) => Array.ForEach(_toStore, link => link.Slow(delay));

    /// <summary>Cuts one process off from Redis and from a remote store, until <see cref="Mend"/>; the others still reach it.</summary>
    public void CutOff(int slot)
    {
        _toRedis[slot].Cut();
        _toStore.ElementAtOrDefault(slot)?.Cut();
    }

    /// <summary>Lets everything pass again.</summary>
    public void Mend() => Array.ForEach([.. _toRedis, .. _toStore], link => link.Mend());

    /// <summary>Starts again what ends by itself within a time, as a supervisor does: a silo that was declared dead ends when it finds out.</summary>
    public async Task RestartIfItEndsAsync(int slot, TimeSpan limit)
    {
        if (await _processes[slot]!.EndsWithinAsync(limit))
        {
            EndedByThemselves++;
            await KillAsync(slot);
            await StartAsync(slot);
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (int slot = 0; slot < Size; slot++)
        {
            await KillAsync(slot);
        }

        foreach (LinkProxy link in (LinkProxy[])[.. _toRedis, .. _toStore])
        {
            await link.DisposeAsync();
        }

        await _redis.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>Ports that nobody listens on, below the range from which the system takes ports for outgoing connections.</summary>
    private static int[] FreePorts()
    {
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
        return [.. Enumerable.Range(16_000 + (Environment.ProcessId % 5_000), 5_000).Where(port => !taken.Contains(port)).Take(3 * Size)];
    }

    private string UrlOf(int slot) => $"http://127.0.0.1:{Text(_ports[slot * 3])}";

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex StorePattern();

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
