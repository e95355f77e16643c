using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Snapshots;

/// <summary>Copies what a shard's manifest names, while the shard goes on.</summary>
/// <remarks>
/// A manifest without its logs is the shard as it was when its first log began. So it is enough to seal, then to copy what any
/// later manifest names; if a merge deletes a file before it is copied, the manifest is read again. Files never change
/// and keep their names, so each is copied once for all snapshots.
/// </remarks>
public static class SnapshotCopy
{
    private const int MaxReadings = 20;

    /// <summary>Copies an open shard: everything that was acknowledged before the call, and nothing that is sent after it.</summary>
    /// <param name="shard">It is sealed first.</param>
    /// <param name="store">Where it lies, and the copies will.</param>
    /// <param name="folder">The shard's, ending in <c>/{generation}/{shard}</c>.</param>
    /// <param name="files">The folder of files of the index's snapshots.</param>
    /// <param name="known">What earlier snapshots have, by name: it is not read again.</param>
    /// <param name="cancellationToken">Gives up; what was copied stays for the next time.</param>
    /// <exception cref="ShardCorruptException">A file that the shard needs is missing.</exception>
    public static async Task<ShardSnapshot> CopyAsync(
        Shard shard, IBlobStore store, string folder, string files, IReadOnlyDictionary<string, SnapshotFile> known, CancellationToken cancellationToken)
    {
        await shard.SealAsync();
        var copies = new Copies(store, folder, files, known);
        for (int reading = 1; ; reading++)
        {
            ShardManifest manifest = await ReadAsync(store, folder, cancellationToken);
            try
            {
                return await copies.CopyAsync(manifest, cancellationToken);
            }
            catch (FileNotFoundException e)
            {
                ShardManifest now = await ReadAsync(store, folder, cancellationToken);
                if (reading == MaxReadings || now.ToBytes().AsSpan().SequenceEqual(manifest.ToBytes()))
                {
                    throw new ShardCorruptException($"{e.Message} The manifest of shard '{folder}' names it. Restore it from a copy.", e);
                }
            }
        }
    }

    private static async Task<ShardManifest> ReadAsync(IBlobStore store, string folder, CancellationToken cancellationToken)
    {
        string name = folder + "/manifest";
        Blob blob = await store.GetAsync(name, cancellationToken) ?? throw new ShardCorruptException($"Shard '{folder}' has no manifest. Restore it from a copy.");
        return ShardManifest.FromBytes(name, blob.Content.Span);
    }

    private sealed class Copies(IBlobStore store, string folder, string files, IReadOnlyDictionary<string, SnapshotFile> known)
    {
        private readonly Dictionary<string, SnapshotFile> _done = new(StringComparer.Ordinal);
        private readonly string _index = ParentOf(ParentOf(folder));

        public async Task<ShardSnapshot> CopyAsync(ShardManifest manifest, CancellationToken cancellationToken)
        {
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
            string name = path[(_index.Length + 1)..];
            if (_done.TryGetValue(name, out SnapshotFile? file) || known.TryGetValue(name, out file))
            {
                return file;
            }

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

            return _done[name] = file;
        }
    }
}
