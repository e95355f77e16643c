using System.Collections.Concurrent;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>Stands in for a cluster: the seven grains that the gateway calls, over dictionaries, each refusing calls for another tenant than its key's.</summary>
internal sealed class InMemoryGrains : IGrainFactory
{
    /// <summary>The key of tenant <c>acme</c>.</summary>
    public const string AcmeKey = "acme-key";

    /// <summary>The key of tenant <c>globex</c>.</summary>
    public const string GlobexKey = "globex-key";

    public ConcurrentDictionary<string, string> Keys { get; } = new(StringComparer.Ordinal) { [AcmeKey] = "acme", [GlobexKey] = "globex" };

    public ConcurrentDictionary<string, InMemoryIndex> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>The snapshots of each index, by its key.</summary>
    public ConcurrentDictionary<string, InMemorySnapshots> Snapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>How often the key grain was asked.</summary>
    public int Authentications { get; set; }

    /// <summary>Runs before each grain call with its name; may throw or wait.</summary>
    public Func<string, Task> BeforeCall { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every batch that arrived, in order of arrival.</summary>
    public ConcurrentQueue<IngestBatch> Batches { get; } = new();

    /// <summary>The last search that arrived.</summary>
    public SearchCall? LastSearch { get; set; }

    /// <summary>The filter of the last count or deletion that arrived.</summary>
    public FilterNode? LastFilter { get; set; }

    /// <summary>The last request for embeddings that arrived.</summary>
    public EmbeddingCall? LastEmbedding { get; set; }

    /// <summary>Shards that are missing from every answer.</summary>
    public MissingShard[] Missing { get; set; } = [];

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        object grain = typeof(TGrainInterface).Name switch
        {
            nameof(IKeyGrain) => new InMemoryKeys(this),
            nameof(ITenantGrain) => new InMemoryTenant(this, primaryKey),
            nameof(ISnapshotGrain) => Snapshots.GetOrAdd(primaryKey, key => new InMemorySnapshots(this, key)),
            nameof(IEmbeddingGrain) => new InMemoryEmbeddings(this, primaryKey),
            nameof(IIndexGrain) or nameof(IIngestGrain) or nameof(IQueryGrain) => new InMemoryIndexGrain(this, primaryKey),
            _ => throw new NotSupportedException($"The gateway has no business with {typeof(TGrainInterface).Name}."),
        };
        return (TGrainInterface)grain;
    }

    /// <summary>Checks a call as a silo does.</summary>
    public async Task AdmitAsync(string call, string tenant)
    {
        if (!string.Equals(CallContext.Tenant, tenant, StringComparison.Ordinal))
        {
            throw new PlatformException(FaultKind.Forbidden, $"{call} of {tenant} was called for {CallContext.Tenant ?? "nobody"}.");
        }

        await BeforeCall(call);
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();
}
