namespace Platform.Indexing.Shards;

/// <summary>Seals full memory segments and merges files, one thing at a time, beside the writer.</summary>
internal sealed class ShardMaintenance(ShardState state, ShardFiles files, ShardOptions options)
{
    private readonly Dictionary<SealedSegment, (int Count, string Name)> _savedDeletions = [];
    private readonly Lock _pinning = new();
    private readonly List<ShardManifest> _pinned = [];

    /// <summary>Notes which deletions the manifest already names.</summary>
    public void Load()
    {
        foreach ((SealedSegment segment, SegmentEntry entry) in state.Sealed.Zip(files.Manifest.Segments))
        {
            _savedDeletions[segment] = (segment.Settled.Count, entry.Deletions);
        }
    }

    /// <summary>Writes the frozen segment into a file and drops the logs before <paramref name="firstLog"/>.</summary>
    /// <param name="frozen">The state's frozen segment.</param>
    /// <param name="operations">The remembered operations as they were when it froze.</param>
    /// <param name="firstLog">The log that began then.</param>
    /// <param name="cancellationToken">Gives up; nothing is lost, the logs are still there.</param>
    public async Task SealAsync(MemorySegment frozen, byte[] operations, string firstLog, CancellationToken cancellationToken)
    {
        MergedSegment sealing = SegmentMerger.Seal(frozen, cancellationToken);
        SealedSegment? segment = await WriteAsync(sealing, cancellationToken);
        try
        {
            string operationsName = files.NewName("operations");
            await files.PutNewAsync(operationsName, CheckedFile.Write(CheckedFile.Operations, operations), cancellationToken);

            ShardManifest before = files.Manifest;
            ShardManifest after = before with
            {
                Segments = await SaveDeletionsAsync(Joined(state.Sealed, segment), cancellationToken),
                Operations = operationsName,
                FirstLog = firstLog,
                ClosedLogs = new Dictionary<string, long>(),      // they all come before the first log of this epoch
            };
            await files.ReplaceManifestAsync(after, cancellationToken);
            state.Change(s => CarryOver([frozen], sealing.NewDocIds, segment) && s.Thaw(segment));
            segment = null;                                  // the state's from here on
            await DeleteUnnamedAsync(before, cancellationToken);
        }
        finally
        {
            segment?.Dispose();
        }
    }

    /// <summary>Notes in the manifest which operation the shard is retired by; null for none.</summary>
    public Task RetireAsync(string? by, CancellationToken cancellationToken) =>
        files.ReplaceManifestAsync(files.Manifest with { RetiredBy = by }, cancellationToken);

    /// <summary>Keeps the files that the present manifest names until <see cref="UnpinAsync"/>, whatever is merged meanwhile.</summary>
    /// <remarks>A crash lets go of them: the next owner deletes what its manifest does not name.</remarks>
    public ShardManifest Pin()
    {
        lock (_pinning)
        {
            _pinned.Add(files.Manifest);
            return files.Manifest;
        }
    }

    /// <summary>Lets a pinned manifest's files go, and deletes those that nobody needs.</summary>
    public Task UnpinAsync(ShardManifest pinned, CancellationToken cancellationToken)
    {
        lock (_pinning)
        {
            _pinned.Remove(pinned);
        }

        return files.DeleteAsync(Unneeded(pinned), cancellationToken);
    }

    /// <summary>Merges until the policy is content: no size class is full, and no file has too many deletions.</summary>
    public async Task MergeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<SealedSegment> chosen = MergePolicy.Choose(state.Sealed, options);
            if (chosen.Count == 0)
            {
                return;
            }

            await MergeAsync(chosen, cancellationToken);
        }
    }

    private async Task MergeAsync(IReadOnlyList<SealedSegment> chosen, CancellationToken cancellationToken)
    {
        MergedSegment merging = SegmentMerger.Merge(chosen, cancellationToken);
        SealedSegment? merged = await WriteAsync(merging, cancellationToken);
        try
        {
            state.Change(_ => CarryOver(chosen, merging.NewDocIds, merged));
            ShardManifest before = files.Manifest;
            IEnumerable<SealedSegment> others = state.Sealed.Except(chosen);
            await files.ReplaceManifestAsync(
                before with { Segments = await SaveDeletionsAsync(Joined(others, merged), cancellationToken) }, cancellationToken);
            state.Change(s => CarryOver(chosen, merging.NewDocIds, merged) && s.Replace(chosen, merged));
            merged = null;                                   // the state's from here on
            foreach (SealedSegment segment in chosen)
            {
                _savedDeletions.Remove(segment);
                segment.Dispose();                           // its last reader has left the state's lock
            }

            await DeleteUnnamedAsync(before, cancellationToken);
        }
        finally
        {
            merged?.Dispose();
        }
    }

    /// <summary>Writes a segment file and opens it from the store; null, and no file, if it has no documents.</summary>
    private async Task<SealedSegment?> WriteAsync(MergedSegment merged, CancellationToken cancellationToken)
    {
        if (merged.DocumentCount == 0)
        {
            return null;
        }

        string name = files.NewName("segments");
        await files.PutNewAsync(name, merged.File, cancellationToken);
        return SealedSegment.Open(name, await files.MapAsync(name, cancellationToken), new DeletedDocuments(), new DeletedDocuments());
    }

    private static IReadOnlyList<SealedSegment> Joined(IEnumerable<SealedSegment> segments, SealedSegment? added) =>
        added is null ? [.. segments] : [.. segments, added];

    /// <summary>Deletes from the new file what was deleted from its sources and is not settled yet. Safe to repeat.</summary>
    private static bool CarryOver(IReadOnlyList<Segment> sources, int[][] newDocIds, SealedSegment? merged)
    {
        for (int i = 0; merged is not null && i < sources.Count; i++)
        {
            for (int docId = 0; docId < newDocIds[i].Length; docId++)
            {
                if (newDocIds[i][docId] >= 0 && sources[i].Deleted.Contains(docId))
                {
                    merged.Delete(newDocIds[i][docId]);
                }
            }
        }

        return true;
    }

    /// <summary>Writes the bitmaps of settled deletions that changed since they were last written.</summary>
    private async Task<List<SegmentEntry>> SaveDeletionsAsync(IReadOnlyList<SealedSegment> segments, CancellationToken cancellationToken)
    {
        List<SegmentEntry> entries = [];
        foreach (SealedSegment segment in segments)
        {
            DeletedDocuments settled = segment.Settled;      // replaced by the next freeze, which waits for this seal
            (int Count, string Name) saved = _savedDeletions.GetValueOrDefault(segment, (0, ""));
            if (settled.Count != saved.Count)
            {
                saved = (settled.Count, files.NewName("deletions"));
                await files.PutNewAsync(saved.Name, CheckedFile.Write(CheckedFile.Deletions, settled.ToBytes()), cancellationToken);
                _savedDeletions[segment] = saved;
            }

            entries.Add(new SegmentEntry(segment.Name, saved.Name, segment.Folder, segment.Buckets));
        }

        return entries;
    }

    /// <summary>Deletes the blobs that an older manifest named and the present one does not.</summary>
    private async Task DeleteUnnamedAsync(ShardManifest before, CancellationToken cancellationToken)
    {
        await files.DeleteAsync(Unneeded(before), cancellationToken);
        await files.DeleteAsync(
            (await files.ListLogsAsync(cancellationToken)).Select(log => log.Name).Where(name => string.CompareOrdinal(name, files.Manifest.FirstLog) < 0),
            cancellationToken);
    }

    /// <summary>The blobs of a manifest that neither the present one nor a pinned one names.</summary>
    private List<string> Unneeded(ShardManifest manifest)
    {
        lock (_pinning)
        {
            HashSet<string> needed = [.. _pinned.Append(files.Manifest).SelectMany(OwnBlobs), ""];
            return [.. OwnBlobs(manifest).Where(name => !needed.Contains(name))];
        }
    }

    private static IEnumerable<string> OwnBlobs(ShardManifest manifest) => manifest.Segments.SelectMany(entry => entry.OwnBlobs).Append(manifest.Operations);
}
