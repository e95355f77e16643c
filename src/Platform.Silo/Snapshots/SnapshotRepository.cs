using Platform.Abstractions;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;

namespace Platform.Silo.Snapshots;

/// <summary>The snapshots of one index in the store: <c>snapshots/{tenant}/{index}/manifests/{name}</c>, and the files that they share.</summary>
internal sealed class SnapshotRepository(IBlobStore store, IndexKey key)
{
    /// <summary>What the names of all snapshots' blobs begin with.</summary>
    public const string Folder = "snapshots/";

    private string Manifests => $"{Folder}{key}/manifests/";

    /// <summary>The folder of the files.</summary>
    public string Files => $"{Folder}{key}/files";

    /// <summary>Whether there is a snapshot of that name, damaged or not.</summary>
    public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) =>
        await store.GetETagAsync(Manifests + name, cancellationToken) is not null;

    /// <summary>A snapshot's manifest; null if there is none.</summary>
    /// <exception cref="SnapshotDamagedException">It is damaged.</exception>
    public async Task<SnapshotManifest?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string path = Manifests + name;
        return await store.GetAsync(path, cancellationToken) is { } blob ? SnapshotManifest.FromBytes(path, blob.Content.Span) : null;
    }

    /// <summary>Every snapshot.</summary>
    public async Task<SnapshotListing> ListAsync(CancellationToken cancellationToken)
    {
        List<SnapshotManifest> whole = [];
        List<(string Name, string Reason)> damaged = [];
        foreach (BlobInfo blob in await store.ListAsync(Manifests, cancellationToken))
        {
            string name = blob.Name[Manifests.Length..];
            try
            {
                if (await FindAsync(name, cancellationToken) is { } manifest)
                {
                    whole.Add(manifest);
                }
            }
            catch (SnapshotDamagedException e)
            {
                damaged.Add((name, e.Message));
            }
        }

        whole.Sort((a, b) => a.CreatedAt.CompareTo(b.CreatedAt));
        return new SnapshotListing(whole, damaged);
    }

    /// <summary>The files that snapshots have, by name.</summary>
    public async Task<IReadOnlyDictionary<string, SnapshotFile>> KnownFilesAsync(CancellationToken cancellationToken) =>
        KnownFiles(await ListAsync(cancellationToken));

    /// <summary>Makes a snapshot real.</summary>
    /// <exception cref="BlobConflictException">There is one of that name.</exception>
    public Task WriteAsync(SnapshotManifest manifest, CancellationToken cancellationToken) =>
        store.PutAsync(Manifests + manifest.Name, manifest.ToBytes(), ifMatch: null, cancellationToken);

    /// <summary>Deletes a snapshot, then the files that no other one names; false if there was none.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(name, cancellationToken))
        {
            return false;
        }

        await store.DeleteAsync(Manifests + name, cancellationToken);
        await SweepAsync(cancellationToken);
        return true;
    }

    /// <summary>Deletes the files that no snapshot names. Nobody may be copying.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        SnapshotListing snapshots = await ListAsync(cancellationToken);
        if (snapshots.Damaged.Count > 0)
        {
            return;                                          // what a damaged manifest names is not known: nothing is deleted until it is
        }

        Dictionary<string, SnapshotFile> named = KnownFiles(snapshots);
        foreach (BlobInfo file in await store.ListAsync(Files + "/", cancellationToken))
        {
            if (!named.ContainsKey(file.Name[(Files.Length + 1)..]))
            {
                await store.DeleteAsync(file.Name, cancellationToken);
            }
        }
    }

    /// <summary>The fault of asking for a snapshot that is not there.</summary>
    public PlatformException NotFound(string name) =>
        new(FaultKind.SnapshotNotFound, $"Index '{key.Index}' has no snapshot '{name}'. Look at the list of its snapshots.");

    private static Dictionary<string, SnapshotFile> KnownFiles(SnapshotListing snapshots)
    {
        Dictionary<string, SnapshotFile> known = new(StringComparer.Ordinal);
        foreach (SnapshotFile file in snapshots.Whole.SelectMany(manifest => manifest.Files()))
        {
            known[file.Name] = file;
        }

        return known;
    }
}

/// <summary>The snapshots of an index.</summary>
/// <param name="Whole">Those that can be read, oldest first.</param>
/// <param name="Damaged">Those whose manifest can't, by name, and why.</param>
internal sealed record SnapshotListing(IReadOnlyList<SnapshotManifest> Whole, IReadOnlyList<(string Name, string Reason)> Damaged);
