using Platform.Client;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Some processes that form one cluster over one data folder, or over one container and a folder each.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const string ConnectionVariable = "TEST_STORE_CONNECTION";

    private readonly Dictionary<string, string> _environment = [];
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

    /// <summary>Starts a cluster over a container of an account; no process sees another's folder.</summary>
    /// <param name="processes">How many.</param>
    /// <param name="connection">The account's connection string.</param>
    /// <param name="container">The container.</param>
    /// <param name="key">The key that an earlier cluster on this container printed; null if it is new.</param>
    public static async Task<TestCluster> StartInAzureAsync(int processes, string connection, string container, string? key = null)
    {
        var cluster = new TestCluster(processes == 1 ? null : await RedisServer.StartAsync());
        cluster._environment[ConnectionVariable] = connection;
        cluster._environment["PLATFORM_Storage__AzureContainer"] = container;
        for (int i = 0; i < processes; i++)
        {
            await cluster.AddAsync();
        }

        cluster.Key = key ?? cluster.Processes[0].Key ?? throw new InvalidOperationException($"No key was printed:\n{cluster.Processes[0].Output}");
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
        bool azure = _environment.ContainsKey(ConnectionVariable);
        string[] storage = azure ? ["--storage", "azure", "--azure-connection", ConnectionVariable] : [];
        string folder = azure ? _data.CreateSubdirectory($"machine-{_processes.Count}").FullName : _data.FullName;
        PlatformProcess process = await PlatformProcess.StartAsync(folder, _environment, [.. membership, .. storage, .. more]);
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

    /// <summary>A client of one process.</summary>
    public PlatformClient NewClient(PlatformProcess process) => new(new PlatformClientOptions
    {
        Endpoints = [process.Url],
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
