using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;

namespace Platform.Silo.Snapshots;

/// <summary>The snapshots of one index in the store: <c>snapshots/{tenant}/{index}/manifests/{name}</c>, and the files that they share.</summary>
internal sealed class SnapshotRepository(IBlobStore store, IndexKey key)
{
    private string Manifests => $"snapshots/{key}/manifests/";

    /// <summary>The folder of the files.</summary>
    public string Files => $"snapshots/{key}/files";

    /// <summary>A snapshot's manifest; null if there is none.</summary>
    /// <exception cref="SnapshotDamagedException">It is damaged.</exception>
    public async Task<SnapshotManifest?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string path = Manifests + name;
        return await store.GetAsync(path, cancellationToken) is { } blob ? SnapshotManifest.FromBytes(path, blob.Content.Span) : null;
    }

    /// <summary>Every snapshot, oldest first; damaged ones are left out.</summary>
    public async Task<IReadOnlyList<SnapshotManifest>> ListAsync(CancellationToken cancellationToken)
    {
        List<SnapshotManifest> found = [];
        foreach (BlobInfo blob in await store.ListAsync(Manifests, cancellationToken))
        {
            try
            {
                if (await FindAsync(blob.Name[Manifests.Length..], cancellationToken) is { } manifest)
                {
                    found.Add(manifest);
                }
            }
            catch (SnapshotDamagedException)
            {
                // it can't be listed; whoever restores it is told why
            }
        }

        found.Sort((a, b) => a.CreatedAt.CompareTo(b.CreatedAt));
        return found;
    }

    /// <summary>The files that snapshots have, by name.</summary>
    public async Task<IReadOnlyDictionary<string, SnapshotFile>> KnownFilesAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, SnapshotFile> known = new(StringComparer.Ordinal);
        foreach (SnapshotFile file in (await ListAsync(cancellationToken)).SelectMany(manifest => manifest.Files()))
        {
            known[file.Name] = file;
        }

        return known;
    }

    /// <summary>Makes a snapshot real.</summary>
    /// <exception cref="BlobConflictException">There is one of that name.</exception>
    public Task WriteAsync(SnapshotManifest manifest, CancellationToken cancellationToken) =>
        store.PutAsync(Manifests + manifest.Name, manifest.ToBytes(), ifMatch: null, cancellationToken);

    /// <summary>Deletes a snapshot, then the files that no other one names; false if there was none.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (await store.GetETagAsync(Manifests + name, cancellationToken) is null)
        {
            return false;
        }

        await store.DeleteAsync(Manifests + name, cancellationToken);
        bool allReadable = (await store.ListAsync(Manifests, cancellationToken)).Count == (await ListAsync(cancellationToken)).Count;
        if (allReadable)                                     // what a damaged manifest names is not known: nothing is deleted then
        {
            IReadOnlyDictionary<string, SnapshotFile> named = await KnownFilesAsync(cancellationToken);
            foreach (BlobInfo file in await store.ListAsync(Files + "/", cancellationToken))
            {
                if (!named.ContainsKey(file.Name[(Files.Length + 1)..]))
                {
                    await store.DeleteAsync(file.Name, cancellationToken);
                }
            }
        }

        return true;
    }

    /// <summary>Writes the shards of a new index: every file is checked, and a fault leaves none of them.</summary>
    /// <param name="name">The snapshot.</param>
    /// <param name="shards">The new index's map.</param>
    /// <param name="folderOf">The folder of a shard.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SnapshotDamagedException">A file is missing, cut off or changed; it is named.</exception>
    public async Task RestoreAsync(string name, ShardMap shards, Func<int, string> folderOf, CancellationToken cancellationToken)
    {
        SnapshotManifest manifest = await FindAsync(name, cancellationToken) ?? throw NotFound(name);
        try
        {
            foreach (ShardRange range in shards.Ranges)
            {
                await SnapshotRestore.MakeAsync(
                    store, manifest.Shards, Files, folderOf(range.Ordinal), new BucketRange(range.FirstBucket, range.LastBucket), cancellationToken);
            }
        }
        catch
        {
            foreach (ShardRange range in shards.Ranges)
            {
                await Shard.DestroyAsync(store, folderOf(range.Ordinal), CancellationToken.None);
            }

            throw;
        }
    }

    /// <summary>The fault of asking for a snapshot that is not there.</summary>
    public PlatformException NotFound(string name) =>
        new(FaultKind.SnapshotNotFound, $"Index '{key.Index}' has no snapshot '{name}'. Look at the list of its snapshots.");
}
