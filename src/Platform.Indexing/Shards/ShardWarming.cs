using Platform.Indexing.Storage;

namespace Platform.Indexing.Shards;

/// <summary>Brings a shard's segments near before its ownership comes: into local copies of a remote store, and their first pages into memory.</summary>
/// <remarks>It reads only, and changes nothing for the present owner. What the owner seals or merges meanwhile is left for the opening.</remarks>
internal static class ShardWarming
{
    /// <summary>Opens each segment that the manifest names and asks it for a document, as the first search will.</summary>
    /// <param name="store">Where the shard lies.</param>
    /// <param name="folder">Its blobs' common prefix.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Bytes of the segments opened.</returns>
    public static async Task<long> WarmAsync(IBlobStore store, string folder, CancellationToken cancellationToken)
    {
        string name = folder + "/manifest";
        if (await store.GetAsync(name, cancellationToken) is not { } blob)
        {
            return 0;                                        // the opening will say what is wrong
        }

        long bytes = 0;
        foreach (SegmentEntry entry in ShardManifest.FromBytes(name, blob.Content.Span).Segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string owner = entry.Folder is null ? folder : $"{folder[..(folder.LastIndexOf('/') + 1)]}{entry.Folder}";
            if (await store.MapAsync($"{owner}/{entry.Name}", cancellationToken) is { } file)      // null: merged away meanwhile
            {
                using SealedSegment segment = SealedSegment.Open(entry, file, new DeletedDocuments(), new DeletedDocuments());
                if (segment.DocumentCount > 0)
                {
                    _ = segment.StoredOf(segment.DocumentCount - 1);
                }

                bytes += segment.FileBytes;
            }
        }

        return bytes;
    }
}
