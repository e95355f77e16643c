using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Snapshots;
using Platform.Silo.Storage;

namespace Platform.Silo.Grains;

/// <summary>Holds one index's definition; counts its generations even while there is no index of the name.</summary>
[RolePlacement(Role.Index)]
internal sealed class IndexGrain(
    [PersistentState("index", BlobGrainStorage.ProviderName)] IPersistentState<IndexState> state, IBlobStore store, TimeProvider time) : Grain, IIndexGrain
{
    private IndexKey _key;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = IndexKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<IndexDefinition> CreateAsync(NewIndex index, CancellationToken cancellationToken)
    {
        if (state.State.Definition is not null)
        {
            throw new PlatformException(FaultKind.IndexExists, $"Index '{_key.Index}' exists. Delete it first, or choose another name.");
        }

        state.State.Generation++;
        var definition = new IndexDefinition
        {
            Name = index.Name,
            Generation = state.State.Generation,
            Shards = ShardMap.Even(index.Shards),
            Encoder = index.Encoder,
            K1 = index.K1,
            B = index.B,
            SparseMaxWeight = index.SparseMaxWeight,
            CreatedAt = time.GetUtcNow(),
            Model = index.Model,
        };
        if (index.From is { } from)
        {
            definition = await RestoreAsync(definition, from, cancellationToken);
        }

        state.State.Definition = definition;
        await state.WriteStateAsync(cancellationToken);
        return definition;
    }

    /// <inheritdoc/>
    public Task<IndexDefinition?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Definition);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        if (state.State.Definition is not { } definition)
        {
            return false;
        }

        state.State.Definition = null;
        await state.WriteStateAsync(cancellationToken);
        await Task.WhenAll(definition.Shards.Ranges.Select(range => ShardOf(definition, range.Ordinal).DestroyAsync(cancellationToken)));
        return true;
    }

    /// <inheritdoc/>
    public async Task<IndexReport> ReportAsync(CancellationToken cancellationToken)
    {
        IndexDefinition definition = Definition();
        var gathered = await FanOut.AskAsync(
            [.. definition.Shards.Ranges.Select(range => range.Ordinal)],
            (ordinal, token) => ShardOf(definition, ordinal).ReportAsync(token),
            cancellationToken);
        return new IndexReport(
            [.. gathered.Answers.OrderBy(answer => answer.Ordinal).Select(answer => answer.Value)], gathered.Coverage);
    }

    /// <inheritdoc/>
    public async Task<FoundDocument?> GetDocumentAsync(string documentKey, CancellationToken cancellationToken)
    {
        IndexDefinition definition = Definition();
        int ordinal = definition.Shards.ShardOf(Shard.BucketOf(documentKey));
        var call = new FetchCall { DocumentKeys = [documentKey], WithStored = true };
        FetchReply reply = await ShardOf(definition, ordinal).FetchAsync(call, cancellationToken);
        return reply.Documents[0].Exists
            ? new FoundDocument { DocumentKey = documentKey, Score = 0, Stored = reply.Documents[0].Stored }
            : null;
    }

    /// <summary>Writes the shards of a snapshot, and returns the definition as it was, under the new one's name and map.</summary>
    private async Task<IndexDefinition> RestoreAsync(IndexDefinition definition, SnapshotSource from, CancellationToken cancellationToken)
    {
        var repository = new SnapshotRepository(store, new IndexKey(_key.Tenant, from.Index));
        string FolderOf(int ordinal) => $"shards/{new ShardKey(_key.Tenant, _key.Index, definition.Generation, ordinal)}";
        try
        {
            // checksums are CPU-bound: they run beside the grain scheduler
            await Task.Run(() => repository.RestoreAsync(from.Name, definition.Shards, FolderOf, cancellationToken), cancellationToken);
            SnapshotManifest manifest = await repository.FindAsync(from.Name, cancellationToken) ?? throw repository.NotFound(from.Name);
            return manifest.Definition with
            {
                Name = definition.Name,
                Generation = definition.Generation,
                Shards = definition.Shards,
                CreatedAt = definition.CreatedAt,
            };
        }
        catch (SnapshotDamagedException e)
        {
            throw new PlatformException(FaultKind.SnapshotDamaged, e.Message);
        }
    }

    private IndexDefinition Definition() => state.State.Definition ?? throw FanOut.NoSuchIndex(_key);

    private IShardGrain ShardOf(IndexDefinition definition, int ordinal) =>
        GrainFactory.GetGrain<IShardGrain>(new ShardKey(_key.Tenant, _key.Index, definition.Generation, ordinal).ToString());
}

/// <summary>The stored definition.</summary>
internal sealed class IndexState
{
    /// <summary>Indexes that have borne the name so far.</summary>
    public int Generation { get; set; }

    /// <summary>The present index; null if there is none.</summary>
    public IndexDefinition? Definition { get; set; }
}
