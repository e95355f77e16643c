using System.Text.Json;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Snapshots;

namespace Platform.Silo.Grains;

/// <summary>Has the shards copy themselves, and writes down what a snapshot consists of.</summary>
[RolePlacement(Role.Index)]
internal sealed class SnapshotGrain(IBlobStore store, TimeProvider time) : Grain, ISnapshotGrain
{
    private IndexKey Key => IndexKey.Parse(this.GetPrimaryKeyString());

    private SnapshotRepository Repository => new(store, Key);

    /// <inheritdoc/>
    public async Task<SnapshotReport> CreateAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        IIndexGrain index = GrainFactory.GetGrain<IIndexGrain>(Key.ToString());
        IndexDefinition definition = await index.GetAsync(cancellationToken) ?? throw FanOut.NoSuchIndex(Key);
        if (await Repository.FindAsync(name, cancellationToken) is not null)
        {
            throw Exists(name);
        }

        DateTimeOffset begun = time.GetUtcNow();
        IReadOnlyDictionary<string, SnapshotFile> known = await Repository.KnownFilesAsync(cancellationToken);
        ReadOnlyMemory<byte>[] copied = await Task.WhenAll(definition.Shards.Ranges.Select(range => GrainFactory
            .GetGrain<IShardGrain>(new ShardKey(Key.Tenant, Key.Index, definition.Generation, range.Ordinal).ToString())
            .SnapshotAsync(cancellationToken)));
        if ((await index.GetAsync(cancellationToken))?.Shards.Version != definition.Shards.Version)
        {
            throw new PlatformException(FaultKind.Unavailable, $"The shards of index '{Key.Index}' were divided anew meanwhile. Take the snapshot again.", TimeSpan.FromSeconds(5));
        }

        var manifest = new SnapshotManifest
        {
            FormatVersion = SnapshotManifest.CurrentFormatVersion,
            Name = name,
            CreatedAt = begun,
            Definition = definition,
            Shards = [.. copied.Select(shard => JsonSerializer.Deserialize<ShardSnapshot>(shard.Span)!)],
            AddedBytes = 0,
        };
        manifest = manifest with { AddedBytes = manifest.Files().Where(file => !known.ContainsKey(file.Name)).Sum(file => file.Length) };
        try
        {
            await Repository.WriteAsync(manifest, cancellationToken);
        }
        catch (BlobConflictException)
        {
            throw Exists(name);
        }

        return manifest.Report();
    }

    /// <inheritdoc/>
    public async Task<SnapshotReport[]> ListAsync(CancellationToken cancellationToken) =>
        [.. (await Repository.ListAsync(cancellationToken)).Select(manifest => manifest.Report())];

    /// <inheritdoc/>
    public async Task<NewIndex> PlanRestoreAsync(string name, string target, int shards, CancellationToken cancellationToken)
    {
        CheckName(name);
        SnapshotManifest manifest;
        try
        {
            manifest = await Repository.FindAsync(name, cancellationToken) ?? throw Repository.NotFound(name);
        }
        catch (SnapshotDamagedException e)
        {
            throw new PlatformException(FaultKind.SnapshotDamaged, e.Message);
        }

        IndexDefinition was = manifest.Definition;
        return new NewIndex
        {
            Name = target,
            Shards = shards > 0 ? shards : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)was.Shards.Ranges.Length),
            Encoder = was.Encoder,
            K1 = was.K1,
            B = was.B,
            SparseMaxWeight = was.SparseMaxWeight,
            Pruning = was.Pruning,
            Dense = was.Dense,
            From = new SnapshotSource(Key.Index, name),
        };
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        return Repository.DeleteAsync(name, cancellationToken);
    }

    private PlatformException Exists(string name) =>
        new(FaultKind.SnapshotExists, $"Index '{Key.Index}' has a snapshot '{name}'. Delete it first, or choose another name.");

    private static void CheckName(string name)
    {
        if (!Names.IsValid(name))
        {
            throw new PlatformException(FaultKind.Invalid, $"Snapshot '{name}' is no valid name; a name is {Names.Rule}.");
        }
    }
}
