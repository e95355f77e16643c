using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Snapshots;

/// <summary>Makes a shard of the documents that a snapshot has in some buckets, however it was divided then.</summary>
public static class SnapshotRestore
{
    /// <summary>Checks every file that it needs, and writes the shard, its manifest last. Safe to repeat: it makes the same bytes.</summary>
    /// <param name="store">Where all lies.</param>
    /// <param name="sources">All shards of the snapshot.</param>
    /// <param name="files">The folder of files of the index's snapshots.</param>
    /// <param name="folder">The new shard's.</param>
    /// <param name="buckets">What it owns.</param>
    /// <param name="progress">Counts the files and bytes read; written to while it runs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SnapshotDamagedException">A file is missing, cut off or changed; it is named.</exception>
    public static async Task MakeAsync(
        IBlobStore store, IReadOnlyList<ShardSnapshot> sources, string files, string folder, BucketRange buckets, CopyProgress progress, CancellationToken cancellationToken)
    {
        var copies = new Copies(store, files, folder, progress);
        List<SegmentEntry> segments = [];
        List<RecentOperations> operations = [];
        foreach (ShardSnapshot source in sources)
        {
            foreach (SnapshotSegment segment in source.Segments)
            {
                BucketRange held = segment.Buckets ?? source.Buckets;
                if (held.Intersect(buckets) is { } shared
                    && await copies.CopyAsync(segment, buckets.Contains(held) ? segment.Buckets : shared, cancellationToken) is { } entry)
                {
                    segments.Add(entry);
                }
            }

            if (source.Operations is not null && source.Buckets.Intersect(buckets) is not null)
            {
                operations.Add(await copies.ReadAsync(source.Operations, CheckedFile.Operations, RecentOperations.FromBytes, cancellationToken));
            }
        }

        string operationsName = operations.Count == 0 ? "" : await copies.PutAsync(
            "operations", CheckedFile.Write(CheckedFile.Operations, RecentOperations.Union(operations).ToBytes()), cancellationToken);
        var made = new ShardManifest { Buckets = buckets, Segments = segments, Operations = operationsName };
        await copies.PutOnceAsync("manifest", made.ToBytes(), cancellationToken);
    }

    /// <summary>How many files <see cref="MakeAsync"/> will read for some buckets.</summary>
    public static int CountFiles(IEnumerable<ShardSnapshot> sources, BucketRange buckets) => sources.Sum(source =>
        source.Segments.Where(segment => (segment.Buckets ?? source.Buckets).Intersect(buckets) is not null).Sum(segment => segment.Deletions is null ? 1 : 2)
        + (source.Operations is not null && source.Buckets.Intersect(buckets) is not null ? 1 : 0));

    /// <summary>The new shard's files, numbered in the order of their making, as owner 0.</summary>
    private sealed class Copies(IBlobStore store, string files, string folder, CopyProgress progress)
    {
        private int _sequence;

        /// <summary>A whole segment is copied. Of one that has other buckets too, these are written anew, so that no byte is in two shards; null if that leaves no document.</summary>
        public async Task<SegmentEntry?> CopyAsync(SnapshotSegment segment, BucketRange? filter, CancellationToken cancellationToken)
        {
            if (filter is null)
            {
                using BlobView view = await OpenAsync(segment.File, cancellationToken);
                string name = await PutAsync("segments", view.Content, cancellationToken);
                return new SegmentEntry(name, segment.Deletions is null ? "" : await CopyAsync(segment.Deletions, "deletions", cancellationToken));
            }

            DeletedDocuments deleted = segment.Deletions is null
                ? new DeletedDocuments()
                : await ReadAsync(segment.Deletions, CheckedFile.Deletions, DeletedDocuments.FromBytes, cancellationToken);
            var part = new SegmentEntry(segment.File.Name, "", Buckets: filter);
            using SealedSegment source = SealedSegment.Open(part, await OpenAsync(segment.File, cancellationToken), deleted, deleted.Copy());
            MergedSegment kept = SegmentMerger.Merge([source], cancellationToken);
            return kept.DocumentCount == 0 ? null : new SegmentEntry(await PutAsync("segments", kept.File, cancellationToken), "");
        }

        /// <summary>Reads one of the small files.</summary>
        public async Task<T> ReadAsync<T>(SnapshotFile file, uint magic, Func<ReadOnlySpan<byte>, T> parse, CancellationToken cancellationToken)
        {
            using BlobView view = await OpenAsync(file, cancellationToken);
            return CheckedFile.Read(file.Name, magic, view.Content.Span, parse);
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

        private async Task<string> CopyAsync(SnapshotFile file, string kind, CancellationToken cancellationToken)
        {
            using BlobView view = await OpenAsync(file, cancellationToken);
            return await PutAsync(kind, view.Content, cancellationToken);
        }

        private async Task<BlobView> OpenAsync(SnapshotFile file, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = $"{files}/{file.Name}";
            BlobView view = await store.MapAsync(path, cancellationToken)
                ?? throw new SnapshotDamagedException($"File '{path}' of the snapshot is missing. Restore another snapshot.");
            try
            {
                file.Check(path, view.Content.Span);
                progress.Add(file.Length);
                return view;
            }
            catch
            {
                view.Dispose();
                throw;
            }
        }
    }
}
