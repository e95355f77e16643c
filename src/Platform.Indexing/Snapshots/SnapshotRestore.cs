using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Snapshots;

/// <summary>Makes a shard of the documents that a snapshot has in some buckets, however it was divided then.</summary>
public static class SnapshotRestore
{
    /// <summary>Checks every file that it needs, and writes the shard, its manifest last. Safe to repeat.</summary>
    /// <param name="store">Where all lies.</param>
    /// <param name="sources">All shards of the snapshot.</param>
    /// <param name="files">The folder of files of the index's snapshots.</param>
    /// <param name="folder">The new shard's.</param>
    /// <param name="buckets">What it owns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SnapshotDamagedException">A file is missing, cut off or changed; it is named.</exception>
    public static async Task MakeAsync(
        IBlobStore store, IReadOnlyList<ShardSnapshot> sources, string files, string folder, BucketRange buckets, CancellationToken cancellationToken)
    {
        var copies = new Copies(store, files, folder);
        List<SegmentEntry> segments = [];
        List<RecentOperations> operations = [];
        foreach (ShardSnapshot source in sources)
        {
            foreach (SnapshotSegment segment in source.Segments)
            {
                BucketRange held = segment.Buckets ?? source.Buckets;
                if (held.Intersect(buckets) is { } shared)
                {
                    segments.Add(new SegmentEntry(
                        await copies.CopyAsync(segment.File, "segments", cancellationToken),
                        segment.Deletions is null ? "" : await copies.CopyAsync(segment.Deletions, "deletions", cancellationToken),
                        Buckets: buckets.Contains(held) ? segment.Buckets : shared));
                }
            }

            if (source.Operations is not null && source.Buckets.Intersect(buckets) is not null)
            {
                using BlobView view = await copies.OpenAsync(source.Operations, cancellationToken);
                operations.Add(CheckedFile.Read(source.Operations.Name, CheckedFile.Operations, view.Content.Span, RecentOperations.FromBytes));
            }
        }

        string operationsName = operations.Count == 0 ? "" : await copies.PutAsync(
            "operations", CheckedFile.Write(CheckedFile.Operations, RecentOperations.Union(operations).ToBytes()), cancellationToken);
        var made = new ShardManifest { Buckets = buckets, Segments = segments, Operations = operationsName };
        await copies.PutOnceAsync("manifest", made.ToBytes(), cancellationToken);
    }

    /// <summary>The new shard's files, numbered in the order of their making, as owner 0.</summary>
    private sealed class Copies(IBlobStore store, string files, string folder)
    {
        private int _sequence;

        public async Task<string> CopyAsync(SnapshotFile file, string kind, CancellationToken cancellationToken)
        {
            using BlobView view = await OpenAsync(file, cancellationToken);
            return await PutAsync(kind, view.Content, cancellationToken);
        }

        public async Task<BlobView> OpenAsync(SnapshotFile file, CancellationToken cancellationToken)
        {
            string path = $"{files}/{file.Name}";
            BlobView view = await store.MapAsync(path, cancellationToken)
                ?? throw new SnapshotDamagedException($"File '{path}' of the snapshot is missing. Restore another snapshot.");
            try
            {
                file.Check(path, view.Content.Span);
                return view;
            }
            catch
            {
                view.Dispose();
                throw;
            }
        }

        public async Task<string> PutAsync(string kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            string name = $"{kind}/{0:D12}-{++_sequence:D8}";
            await PutOnceAsync(name, content, cancellationToken);
            return name;
        }

        public async Task PutOnceAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            try
            {
                await store.PutAsync($"{folder}/{name}", content, ifMatch: null, cancellationToken);
            }
            catch (BlobConflictException)
            {
                // made by an attempt that crashed: the same bytes
            }
        }
    }
}
