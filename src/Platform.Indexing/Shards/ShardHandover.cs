using Platform.Indexing.Storage;

namespace Platform.Indexing.Shards;

/// <summary>Makes the shards that take over from retired ones: they share the sources' segments through bucket filters, and copy what is small.</summary>
/// <remarks>
/// Everything a target consists of follows from its sources, which change no more once they are retired, and from its range:
/// making it again after a crash gives the same bytes. A target has epoch 0 until its first owner opens it.
/// </remarks>
internal static class ShardHandover
{
    /// <summary>Writes a target's blobs, its manifest last.</summary>
    /// <param name="store">Where all of them lie.</param>
    /// <param name="folder">The target's.</param>
    /// <param name="buckets">What it will own.</param>
    /// <param name="sources">Folders of retired shards beside it; none for an empty shard.</param>
    /// <param name="cancellationToken">Gives up; repeating it later is safe.</param>
    /// <exception cref="InvalidOperationException">A source still takes writes.</exception>
    /// <exception cref="ShardCorruptException">A source is missing or damaged.</exception>
    public static async Task MakeAsync(
        IBlobStore store, string folder, BucketRange buckets, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var copies = new Copies(store, folder);
        List<SegmentEntry> segments = [];
        List<RecentOperations> operations = [];
        foreach (string source in sources)
        {
            ShardManifest manifest = await ReadAsync(store, source, cancellationToken);
            if (manifest.RetiredBy is null)
            {
                throw new InvalidOperationException($"Shard '{source}' still takes writes; it must be retired before '{folder}' is made of it.");
            }

            BucketRange owned = manifest.Buckets ?? BucketRange.All;
            foreach (SegmentEntry entry in manifest.Segments)
            {
                BucketRange held = entry.Buckets ?? owned;
                if (held.Intersect(buckets) is { } shared)
                {
                    string deletions = entry.Deletions.Length == 0 ? "" : await copies.CopyAsync($"{source}/{entry.Deletions}", "deletions", cancellationToken);
                    segments.Add(new SegmentEntry(entry.Name, deletions, entry.Folder ?? NameOf(source), buckets.Contains(held) ? entry.Buckets : shared));
                }
            }

            if (manifest.Operations.Length > 0)
            {
                string name = $"{source}/{manifest.Operations}";
                ReadOnlyMemory<byte> file = await copies.ReadAsync(name, cancellationToken);
                operations.Add(CheckedFile.Read(name, CheckedFile.Operations, file.Span, RecentOperations.FromBytes));
            }
        }

        var made = new ShardManifest
        {
            Buckets = buckets,
            Segments = segments,
            Operations = operations.Count == 0 ? "" : await copies.PutAsync(
                "operations", CheckedFile.Write(CheckedFile.Operations, RecentOperations.Union(operations).ToBytes()), cancellationToken),
        };
        await PutOnceAsync(store, folder + "/manifest", made.ToBytes(), cancellationToken);
    }

    /// <summary>The last part of a folder: what shards of one index tell each other by.</summary>
    private static string NameOf(string folder) => folder[(folder.LastIndexOf('/') + 1)..];

    private static async Task<ShardManifest> ReadAsync(IBlobStore store, string folder, CancellationToken cancellationToken)
    {
        string name = folder + "/manifest";
        Blob blob = await store.GetAsync(name, cancellationToken) ?? throw new ShardCorruptException($"Shard '{folder}' has no manifest. Restore it from a copy.");
        return ShardManifest.FromBytes(name, blob.Content.Span);
    }

    /// <summary>Puts a blob unless an earlier attempt has put it.</summary>
    private static async Task PutOnceAsync(IBlobStore store, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(name, content, ifMatch: null, cancellationToken);
        }
        catch (BlobConflictException)
        {
            // made by an attempt that crashed or is still under way: the same bytes
        }
    }

    /// <summary>The small blobs of a target, numbered in the order of their making.</summary>
    private sealed class Copies(IBlobStore store, string folder)
    {
        private int _sequence;

        public async Task<string> CopyAsync(string from, string kind, CancellationToken cancellationToken) =>
            await PutAsync(kind, await ReadAsync(from, cancellationToken), cancellationToken);

        public async Task<string> PutAsync(string kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            string name = $"{kind}/{0:D12}-{++_sequence:D8}";
            await PutOnceAsync(store, $"{folder}/{name}", content, cancellationToken);
            return name;
        }

        public async Task<ReadOnlyMemory<byte>> ReadAsync(string name, CancellationToken cancellationToken) =>
            (await store.GetAsync(name, cancellationToken))?.Content
            ?? throw new ShardCorruptException($"'{name}' is named by a shard's manifest and missing. Restore it from a copy.");
    }
}
