using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Snapshots;

/// <summary>Copies what a shard's manifest names, without its logs: the shard as it was when its first log began.</summary>
/// <remarks>Files never change and keep their names, so each is copied once for all snapshots of an index.</remarks>
internal sealed class SnapshotCopy(
    IBlobStore store, string folder, string files, IReadOnlyDictionary<string, SnapshotFile> known, CopyProgress progress)
{
    private readonly string _index = ParentOf(ParentOf(folder));

    /// <summary>Copies what is not there yet.</summary>
    /// <exception cref="FileNotFoundException">A file is gone.</exception>
    public async Task<ShardSnapshot> CopyAsync(ShardManifest manifest, CancellationToken cancellationToken)
    {
        progress.TotalFiles = manifest.Segments.Sum(entry => entry.Deletions.Length == 0 ? 1 : 2) + (manifest.Operations.Length == 0 ? 0 : 1);
        List<SnapshotSegment> segments = [];
        foreach (SegmentEntry entry in manifest.Segments)
        {
            string holder = entry.Folder is null ? folder : $"{ParentOf(folder)}/{entry.Folder}";
            segments.Add(new SnapshotSegment(
                await CopyAsync($"{holder}/{entry.Name}", cancellationToken),
                entry.Deletions.Length == 0 ? null : await CopyAsync($"{folder}/{entry.Deletions}", cancellationToken),
                entry.Buckets));
        }

        return new ShardSnapshot(
            manifest.Buckets ?? BucketRange.All,
            segments,
            manifest.Operations.Length == 0 ? null : await CopyAsync($"{folder}/{manifest.Operations}", cancellationToken));
    }

    private static string ParentOf(string path) => path[..path.LastIndexOf('/')];

    private async Task<SnapshotFile> CopyAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string name = path[(_index.Length + 1)..];
        if (!known.TryGetValue(name, out SnapshotFile? file))
        {
            using BlobView view = await store.MapAsync(path, cancellationToken) ?? throw new FileNotFoundException($"There is no blob '{path}'.");
            file = new SnapshotFile(name, view.Content.Length, SnapshotFile.ChecksumOf(view.Content.Span));
            try
            {
                await store.PutAsync($"{files}/{name}", view.Content, ifMatch: null, cancellationToken);
            }
            catch (BlobConflictException)
            {
                // copied by an attempt that came to no snapshot: a put is whole or not there, so these are the bytes
            }
        }

        progress.Add(file.Length);
        return file;
    }
}
