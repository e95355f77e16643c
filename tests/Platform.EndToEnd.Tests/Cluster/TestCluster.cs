using Platform.Client;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Some processes that form one cluster over one data folder.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-e2e-");
    private readonly RedisServer? _redis;
    private readonly List<PlatformProcess> _processes = [];

    private TestCluster(RedisServer? redis) => _redis = redis;

    /// <summary>The processes, in the order they were started.</summary>
    public IReadOnlyList<PlatformProcess> Processes => _processes;

    /// <summary>Where its processes look for models.</summary>
    public string ModelDirectory => Path.Combine(_data.FullName, "models");

    /// <summary>The first key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Starts a cluster: one process alone, or several that meet through Redis.</summary>
    public static async Task<TestCluster> StartAsync(int processes)
    {
        var cluster = new TestCluster(processes == 1 ? null : await RedisServer.StartAsync());
        for (int i = 0; i < processes; i++)
        {
            await cluster.AddAsync();
        }

        cluster.Key = cluster.Processes[0].Key ?? throw new InvalidOperationException($"No key was printed:\n{cluster.Processes[0].Output}");
        return cluster;
    }

    /// <summary>Starts a cluster of one process a role; the index process comes first and prints the key, the gateway last.</summary>
    public static async Task<TestCluster> StartWithRolesAsync(params string[] roles)
    {
        var cluster = new TestCluster(await RedisServer.StartAsync());
        foreach (string role in roles)
        {
            await cluster.AddAsync("--roles", role);
        }

        cluster.Key = cluster.Processes.Select(process => process.Key).First(key => key is not null)!;
        return cluster;
    }

    /// <summary>Starts one more process.</summary>
    public async Task<PlatformProcess> AddAsync(params string[] more)
    {
        string[] membership = _redis is null ? [] : ["--membership", "redis", "--redis", _redis.Endpoint];
        PlatformProcess process = await PlatformProcess.StartAsync(_data.FullName, [.. membership, .. more]);
        _processes.Add(process);
        return process;
    }

    /// <summary>A client of all processes; it begins with the last one.</summary>
    public PlatformClient NewClient() => new(new PlatformClientOptions
    {
        Endpoints = [.. Processes.Reverse().Select(process => process.Url)],
        ApiKey = Key,
        MaxRetries = 20,
        MaxRetryDelay = TimeSpan.FromSeconds(1),
        JitterSeed = 1,
    });

    public async ValueTask DisposeAsync()
    {
        foreach (PlatformProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
