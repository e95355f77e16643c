using System.Globalization;
using Platform.Indexing.Dense;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Shards;

/// <summary>A shard's blobs under one epoch: opens the shard, and replaces its manifest as long as the epoch lasts.</summary>
/// <remarks>
/// Fencing: an owner raises the epoch by compare-and-swap before it replays the log. A writer appends, flushes, then
/// reads the epoch, then acknowledges: if the epoch still holds, its record lies before the raise and the replay sees it.
/// </remarks>
internal sealed class ShardFiles
{
    private readonly IBlobStore _store;
    private readonly string _folder;
    private volatile string _manifestTag;
    private int _sequence;

    private ShardFiles(IBlobStore store, string folder, ShardManifest manifest, string manifestTag)
    {
        _store = store;
        _folder = folder;
        Manifest = manifest;
        _manifestTag = manifestTag;
    }

    /// <summary>The manifest as this owner last wrote it.</summary>
    public ShardManifest Manifest { get; private set; }

    /// <summary>This owner's epoch.</summary>
    public long Epoch => Manifest.Epoch;

    /// <summary>How many appends one log takes.</summary>
    public int MaxAppends => _store.MaxAppends;

    /// <summary>Takes the shard over, and loads its segments and logs into a state.</summary>
    /// <exception cref="ShardCorruptException">Stored data does not hold.</exception>
    /// <exception cref="SegmentFormatException">A segment does not hold.</exception>
    /// <exception cref="ShardFencedException">Somebody else took it over meanwhile.</exception>
    /// <exception cref="ShardMissingException">There is none, and it was not to be made.</exception>
    public static async Task<ShardFiles> OpenAsync(IBlobStore store, string folder, ShardState state, bool create, CancellationToken cancellationToken)
    {
        ShardFiles files = await RaiseEpochAsync(store, folder, create, cancellationToken);
        Dictionary<string, long> closed;
        try
        {
            await files.LoadSegmentsAsync(state, cancellationToken);
            closed = await files.ReplayAsync(state, cancellationToken);
        }
        catch (IOException)
        {
            // a later owner may have replaced and deleted what this one was reading: then it is fenced, and nothing is corrupt
            await files.CheckEpochAsync(cancellationToken);
            throw;
        }

        await files.ReplaceManifestAsync(files.Manifest with { ClosedBelowEpoch = files.Epoch, ClosedLogs = closed }, cancellationToken);
        await files.DeleteOrphansAsync(cancellationToken);
        return files;
    }

    /// <summary>A name that no other blob of this shard bears or will bear.</summary>
    public string NewName(string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}/{Epoch:D12}-{Interlocked.Increment(ref _sequence):D8}");

    /// <summary>Writes a new blob of the shard.</summary>
    public Task PutNewAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _store.PutAsync(PathOf(name), content, ifMatch: null, cancellationToken);

    /// <summary>Opens a blob that the manifest names, or is about to.</summary>
    /// <exception cref="ShardCorruptException">It is missing.</exception>
    public async Task<BlobView> MapAsync(string name, CancellationToken cancellationToken) =>
        await _store.MapAsync(PathOf(name), cancellationToken) ?? throw Missing(name);

    /// <summary>Opens a segment that the manifest names: its own, or one that it borrows.</summary>
    /// <exception cref="ShardCorruptException">It is missing.</exception>
    private async Task<BlobView> MapAsync(SegmentEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Folder is null)
        {
            return await MapAsync(entry.Name, cancellationToken);
        }

        string path = $"{_folder[..(_folder.LastIndexOf('/') + 1)]}{entry.Folder}/{entry.Name}";
        return await _store.MapAsync(path, cancellationToken)
            ?? throw new ShardCorruptException($"'{path}' is borrowed by shard '{_folder}' and missing. Restore it from a copy.");
    }

    /// <summary>Appends to a log of this epoch; durable on return.</summary>
    /// <exception cref="ShardFencedException">A later epoch owns the shard, and has deleted the log.</exception>
    public async Task AppendAsync(string log, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await _store.AppendAsync(PathOf(log), position, content, cancellationToken);
        }
        catch (IOException)
        {
            await CheckEpochAsync(cancellationToken);
            throw;
        }
    }

    /// <summary>Deletes blobs that the manifest no longer names.</summary>
    public async Task DeleteAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (string name in names)
        {
            await _store.DeleteAsync(PathOf(name), cancellationToken);
        }
    }

    /// <summary>The logs that the manifest still needs, by ascending name.</summary>
    public async Task<IReadOnlyList<BlobInfo>> ListLogsAsync(CancellationToken cancellationToken)
    {
        string prefix = _folder + "/";
        return [.. (await _store.ListAsync(PathOf("log/"), cancellationToken)).Select(log => log with { Name = log.Name[prefix.Length..] })];
    }

    /// <summary>Throws unless this owner's epoch is still the shard's: call it between a flush and its acknowledgement.</summary>
    /// <exception cref="ShardFencedException">A later epoch owns the shard.</exception>
    public async Task CheckEpochAsync(CancellationToken cancellationToken)
    {
        if (await _store.GetETagAsync(PathOf("manifest"), cancellationToken) == _manifestTag)
        {
            return;
        }

        // the tag also changes when this owner itself replaces the manifest at this moment: the epoch decides
        Blob? blob = await _store.GetAsync(PathOf("manifest"), cancellationToken);
        if (blob is null || ShardManifest.FromBytes(PathOf("manifest"), blob.Content.Span).Epoch != Epoch)
        {
            throw new ShardFencedException(_folder, Epoch);
        }
    }

    /// <summary>Replaces the manifest.</summary>
    /// <exception cref="ShardFencedException">A later epoch owns the shard.</exception>
    public async Task ReplaceManifestAsync(ShardManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            _manifestTag = await _store.PutAsync(PathOf("manifest"), manifest.ToBytes(), _manifestTag, cancellationToken);
            Manifest = manifest;
        }
        catch (BlobConflictException)
        {
            throw new ShardFencedException(_folder, Epoch);
        }
    }

    private static async Task<ShardFiles> RaiseEpochAsync(IBlobStore store, string folder, bool create, CancellationToken cancellationToken)
    {
        string name = folder + "/manifest";
        while (true)
        {
            Blob? blob = await store.GetAsync(name, cancellationToken);
            if (blob is null && (await store.ListAsync(folder + "/", cancellationToken)).Count > 0)
            {
                blob = await store.GetAsync(name, cancellationToken)          // made by another activation meanwhile
                    ?? throw new ShardCorruptException($"Shard '{folder}' has data and no manifest. Restore the manifest from a copy.");
            }

            if (blob is null && !create)
            {
                throw new ShardMissingException(folder);
            }

            ShardManifest manifest = blob is null ? new ShardManifest() : ShardManifest.FromBytes(name, blob.Content.Span);
            manifest = manifest with { Epoch = manifest.Epoch + 1 };
            try
            {
                return new ShardFiles(store, folder, manifest, await store.PutAsync(name, manifest.ToBytes(), blob?.ETag, cancellationToken));
            }
            catch (BlobConflictException)
            {
                // another activation raised it first: raise it above that one
            }
        }
    }

    private async Task LoadSegmentsAsync(ShardState state, CancellationToken cancellationToken)
    {
        foreach (SegmentEntry entry in Manifest.Segments)
        {
            DeletedDocuments deleted = entry.Deletions.Length == 0
                ? new DeletedDocuments()
                : CheckedFile.Read(
                    PathOf(entry.Deletions), CheckedFile.Deletions, (await GetAsync(entry.Deletions, cancellationToken)).Span, DeletedDocuments.FromBytes);
            state.Load(SealedSegment.Open(entry, await MapAsync(entry, cancellationToken), deleted, deleted.Copy()));
        }

        if (Manifest.Operations.Length > 0)
        {
            state.Operations = CheckedFile.Read(
                PathOf(Manifest.Operations), CheckedFile.Operations, (await GetAsync(Manifest.Operations, cancellationToken)).Span, RecentOperations.FromBytes);
        }
    }

    /// <summary>Applies the logs and returns the valid length of each.</summary>
    /// <remarks>An open log may end in a torn record. A closed one is as long as the manifest says, to the byte.</remarks>
    private async Task<Dictionary<string, long>> ReplayAsync(ShardState state, CancellationToken cancellationToken)
    {
        Dictionary<string, long> closed = [];
        foreach (BlobInfo log in await ListLogsAsync(cancellationToken))
        {
            long epoch = ShardLog.EpochOf(log.Name);
            if (epoch >= Epoch)
            {
                throw new ShardCorruptException($"Log '{log.Name}' is of a later epoch than the manifest. Restore the newest manifest.");
            }

            if (string.CompareOrdinal(log.Name, Manifest.FirstLog) < 0)
            {
                continue;
            }

            bool isClosed = epoch < Manifest.ClosedBelowEpoch;
            long length = isClosed ? Manifest.ClosedLogs.GetValueOrDefault(log.Name) : log.Length;
            if (length > log.Length)
            {
                throw NotAsClosed(log.Name, length, log.Length);
            }

            if (length > 0)
            {
                byte[] bytes = await _store.GetRangeAsync(PathOf(log.Name), 0, checked((int)length), cancellationToken);
                long valid = Replay(log.Name, bytes, state);
                closed[log.Name] = valid == length || !isClosed ? valid : throw NotAsClosed(log.Name, length, valid);
            }
        }

        foreach ((string name, long length) in Manifest.ClosedLogs)
        {
            if (length > 0 && !closed.ContainsKey(name))
            {
                throw NotAsClosed(name, length, 0);
            }
        }

        return closed;
    }

    private static ShardCorruptException NotAsClosed(string log, long expected, long found) =>
        new($"Log '{log}' was closed with {expected} valid bytes and has {found}. Restore it from a copy.");

    private static long Replay(string name, byte[] bytes, ShardState state) =>
        ShardLog.Replay(name, bytes, batch =>
        {
            try
            {
                int operations = ShardBatchReader.Validate(batch, out VectorLayout? vectors);
                vectors?.CheckSameAs(state.VectorLayout);
                state.Apply(batch, operations);                            // nobody reads the state yet
            }
            catch (Exception e) when (e is InvalidDataException or DenseVectorException)
            {
                throw new ShardCorruptException($"Log '{name}' holds a record that is no batch: {e.Message} Restore it from a copy.", e);
            }
        });

    /// <summary>Removes what crashed owners left: blobs of earlier epochs that the manifest does not name.</summary>
    private async Task DeleteOrphansAsync(CancellationToken cancellationToken)
    {
        HashSet<string> named = [Manifest.Operations, .. Manifest.ClosedLogs.Keys];
        foreach (SegmentEntry entry in Manifest.Segments)
        {
            named.UnionWith(entry.OwnBlobs);
        }

        string prefix = _folder + "/";
        foreach (BlobInfo blob in await _store.ListAsync(prefix, cancellationToken))
        {
            string name = blob.Name[prefix.Length..];
            if (name.Contains('/', StringComparison.Ordinal) && !named.Contains(name) && ShardLog.EpochOf(name) < Epoch)
            {
                await _store.DeleteAsync(blob.Name, cancellationToken);
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(string name, CancellationToken cancellationToken) =>
        (await _store.GetAsync(PathOf(name), cancellationToken))?.Content
        ?? throw Missing(name);

    private ShardCorruptException Missing(string name) =>
        new($"'{PathOf(name)}' is named by the shard's manifest and missing. Restore it from a copy.");

    private string PathOf(string name) => $"{_folder}/{name}";
}
