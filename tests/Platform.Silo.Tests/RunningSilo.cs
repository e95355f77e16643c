using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;

namespace Platform.Silo.Tests;

/// <summary>A silo of every role in this process, over a folder of its own.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _data;
    private readonly Func<IBlobStore, IBlobStore> _around;
    private IHost? _host;

    /// <summary>Where its data lie.</summary>
    internal string DataDirectory => _data.FullName;

    /// <summary>What the store is, where it is not the data folder itself; set before the start.</summary>
    internal Func<IBlobStore>? NewStore { get; set; }

    /// <summary>More configuration; set before the start.</summary>
    internal Dictionary<string, string?> Configuration { get; } = new() { ["Elastic:RetiredLifetime"] = "00:00:00.2", ["Elastic:Balance"] = "false" };

    public RunningSilo()
        : this(Directory.CreateTempSubdirectory("platform-silo-"), store => store)
    {
    }

    /// <summary>A silo over the folder of another that has stopped, whose store something stands around.</summary>
    internal RunningSilo(RunningSilo stopped, Func<IBlobStore, IBlobStore> around)
        : this(stopped._data, around)
    {
    }

    private RunningSilo(DirectoryInfo data, Func<IBlobStore, IBlobStore> around) => (_data, _around) = (data, around);

    /// <summary>A silo over a folder of its own, whose store something stands around.</summary>
    internal RunningSilo(Func<IBlobStore, IBlobStore> around)
        : this(Directory.CreateTempSubdirectory("platform-silo-"), around)
    {
    }

    /// <summary>Stops it; its folder stays.</summary>
    internal async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
    }

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public IBlobStore Store => _host!.Services.GetRequiredService<IBlobStore>();

    /// <summary>Where the silo looks for models.</summary>
    public string ModelDirectory => Path.Combine(_data.FullName, "models");

    public async Task InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Storage:DataDirectory", _data.FullName), new("Encoder:Deterministic", "true"), new("Training:Threads", "1"), new("Training:KeepEvery", "00:00:00.2")]);
        builder.Configuration.AddInMemoryCollection(Configuration);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(NewStore is null ? _around(new FileBlobStore(_data.FullName, TimeProvider.System)) : NewStore());
        builder.AddPlatformSilo();
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>Stops, and starts again over the same data.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    /// <summary>An index of the default tenant, whose calls then follow.</summary>
    public async Task<IndexDefinition> CreateAsync(string name, int shards, string tenant = "acme", string encoder = "lexical")
    {
        CallContext.ActFor(tenant);
        return await Grains.GetGrain<ITenantGrain>(tenant).CreateIndexAsync(
            new NewIndex { Name = name, Shards = shards, Encoder = encoder, K1 = 0.9, B = 0.4, SparseMaxWeight = 5 }, CancellationToken.None);
    }

    /// <summary>Ingests texts under the keys 0, 1, 2 and so on.</summary>
    public async Task<ItemOutcome[]> IngestAsync(string index, params string[] texts)
    {
        CallContext.ActFor("acme");
        var batch = new IngestBatch
        {
            Items = [.. texts.Select((text, i) => new IngestItem
            {
                DocumentKey = $"{i}", OperationId = Guid.NewGuid(), Text = text, Stored = System.Text.Encoding.UTF8.GetBytes($"{{\"text\":\"{text}\"}}"),
            })],
        };
        return (await Grains.GetGrain<IIngestGrain>($"acme/{index}").ApplyAsync(batch, CancellationToken.None)).Outcomes;
    }

    public async Task<SearchAnswer> SearchAsync(string index, string text, int top = 10, TimeSpan? deadline = null, bool explain = false)
    {
        CallContext.ActFor("acme");
        var search = new SearchCall { Text = text, Top = top, Explain = explain, Deadline = deadline ?? TimeSpan.FromSeconds(20) };
        return await Grains.GetGrain<IQueryGrain>($"acme/{index}").SearchAsync(search, CancellationToken.None);
    }
}
