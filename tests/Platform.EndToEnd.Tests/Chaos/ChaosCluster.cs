using System.Globalization;
using System.Net.NetworkInformation;
using Platform.Client;
using Platform.EndToEnd.Tests.Cluster;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Three processes that are killed, frozen and started again, each at its own address.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>How many processes.</summary>
    public const int Size = 3;

    private const string ConnectionVariable = "TEST_STORE_CONNECTION";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-chaos-");
    private readonly RedisServer _redis;
    private readonly string? _connection;
    private readonly int[] _ports = FreePorts();
    private readonly PlatformProcess?[] _processes = new PlatformProcess?[Size];
    private string _key = "";

    private ChaosCluster(RedisServer redis, string? connection) => (_redis, _connection) = (redis, connection);

    /// <summary>The most memory that any process has held.</summary>
    public long PeakMemory { get; private set; }

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
        Endpoints = [.. slots.Select(slot => new Uri($"http://127.0.0.1:{_ports[slot]}"))],
        ApiKey = _key,
        MaxRetries = 100,
        RequestTimeout = requestTimeout,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        RetryDelay = TimeSpan.FromMilliseconds(50),
        MaxRetryDelay = TimeSpan.FromMilliseconds(400),
        JitterSeed = 1,
    });

    /// <summary>Starts the process of a slot; returns when it serves.</summary>
    public async Task StartAsync(int slot)
    {
        string folder = _connection is null ? _data.FullName : _data.CreateSubdirectory($"machine-{slot}").FullName;
        string[] store = _connection is null ? [] : ["--storage", "azure", "--azure-connection", ConnectionVariable];
        Dictionary<string, string> environment = new() { ["PLATFORM_Shard__SealAtBytes"] = "1000000" };
        if (_connection is not null)
        {
            environment[ConnectionVariable] = _connection;
        }

        _processes[slot] = await PlatformProcess.StartAsync(
            folder,
            environment,
            ["--membership", "redis", "--redis", _redis.Endpoint, "--url", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[slot]}"), .. store]);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(int slot)
    {
        if (_processes[slot] is { } process)
        {
            PeakMemory = Math.Max(PeakMemory, process.PeakMemory);
            await process.DisposeAsync();
            _processes[slot] = null;
        }
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public Task SignalAsync(int slot, string signal) => _processes[slot]!.SignalAsync(signal);

    /// <summary>Starts again what has ended by itself, as a supervisor does: a silo that was declared dead ends when it finds out.</summary>
    public async Task<bool> RestartIfEndedAsync(int slot)
    {
        if (_processes[slot]!.HasEnded)
        {
            await KillAsync(slot);
            await StartAsync(slot);
            return true;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        for (int slot = 0; slot < Size; slot++)
        {
            await KillAsync(slot);
        }

        await _redis.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>Ports that nobody listens on, below the range from which the system takes ports for outgoing connections.</summary>
    private static int[] FreePorts()
    {
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
        return [.. Enumerable.Range(16_000 + (Environment.ProcessId % 5_000), 5_000).Where(port => !taken.Contains(port)).Take(Size)];
    }
}
