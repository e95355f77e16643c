using Platform.Indexing.Dense;

namespace Platform.Indexing.Shards;

/// <summary>A shard's searchable content. Readers share its lock; applying and swapping segments exclude them for a moment.</summary>
internal sealed class ShardState : IDisposable
{
#pragma warning disable CA2213 // a disposed lock faults those who wait for it; without waiters it holds nothing
    private readonly ReaderWriterLockSlim _lock = new();
#pragma warning restore CA2213
    private readonly List<SealedSegment> _sealed = [];
    private bool _closed;

    /// <summary>Takes new documents.</summary>
    public MemorySegment Memory { get; private set; } = new("memory");

    /// <summary>A full memory segment that is being written to a file; or null.</summary>
    public MemorySegment? Frozen { get; private set; }

    /// <summary>The files, oldest first.</summary>
    public IReadOnlyList<SealedSegment> Sealed => _sealed;

    /// <summary>Outcomes of the latest operations.</summary>
    public RecentOperations Operations { get; set; } = new();

    /// <summary>Runs a reader; it sees every applied batch whole or not at all.</summary>
    public T Read<T>(Func<ShardState, T> read)
    {
        _lock.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(Shard));
            return read(this);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Runs a change that readers must not see half-done.</summary>
    public T Change<T>(Func<ShardState, T> change)
    {
        _lock.EnterWriteLock();
        try
        {
            return change(this);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Every segment; call it inside <see cref="Read"/>.</summary>
    public IEnumerable<Segment> Segments
    {
        get
        {
            foreach (SealedSegment segment in _sealed)
            {
                yield return segment;
            }

            if (Frozen is not null)
            {
                yield return Frozen;
            }

            yield return Memory;
        }
    }

    /// <summary>Dimension and precision of the vectors that it holds; null if it holds none. Call it inside <see cref="Read"/>.</summary>
    public VectorLayout? VectorLayout => Segments.Select(segment => segment.Vectors?.Layout).FirstOrDefault(layout => layout is not null);

    /// <summary>Applies a valid batch: an operation that is remembered is answered from memory. Call it inside <see cref="Change"/>.</summary>
    public WriteOutcome[] Apply(ReadOnlySpan<byte> batch, int operations)
    {
        var outcomes = new WriteOutcome[operations];
        var reader = new ShardBatchReader(batch);
        for (int i = 0; reader.Next(out ShardOperation operation); i++)
        {
            if (!Operations.TryGet(operation.OperationId, out outcomes[i]))
            {
                outcomes[i] = Apply(operation);
                Operations.Add(operation.OperationId, outcomes[i]);
            }
        }

        return outcomes;
    }

    /// <summary>The segment and number of a live document, or (null, -1). Call it inside <see cref="Read"/>.</summary>
    public (Segment? Segment, int DocId) Find(ReadOnlySpan<byte> key)
    {
        ulong hash = Segment.HashOf(key);
        foreach (Segment segment in Segments)
        {
            int docId = segment.Find(key, hash);
            if (docId >= 0)
            {
                return (segment, docId);
            }
        }

        return (null, -1);
    }

    /// <summary>Puts the memory segment aside for sealing, settles every deletion, and begins another. Call it inside <see cref="Change"/>.</summary>
    public MemorySegment Freeze()
    {
        foreach (Segment segment in Segments)
        {
            segment.Settle();
        }

        Frozen = Memory;
        Memory = new MemorySegment("memory");
        return Frozen;
    }

    /// <summary>Replaces the frozen segment by its file; null if no document is left. Call it inside <see cref="Change"/>.</summary>
    public bool Thaw(SealedSegment? file)
    {
        if (file is not null)
        {
            _sealed.Add(file);
        }

        Frozen = null;
        return true;
    }

    /// <summary>Adds a file at opening.</summary>
    public void Load(SealedSegment file) => _sealed.Add(file);

    /// <summary>Replaces files by one. Call it inside <see cref="Change"/>.</summary>
    public bool Replace(IReadOnlyList<SealedSegment> merged, SealedSegment? by)
    {
        _sealed.RemoveAll(merged.Contains);
        if (by is not null)
        {
            _sealed.Add(by);
        }

        return true;
    }

    /// <summary>Waits for the readers and lets the files go; whoever reads later is told that the shard is closed.</summary>
    public void Dispose()
    {
        _lock.EnterWriteLock();
        try
        {
            _closed = true;
            _sealed.ForEach(segment => segment.Dispose());
            _sealed.Clear();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private WriteOutcome Apply(in ShardOperation operation)
    {
        ulong hash = Segment.HashOf(operation.Key);
        bool found = false;
        foreach (Segment segment in Segments)
        {
            if (segment.Delete(operation.Key, hash))
            {
                found = true;
                break;
            }
        }

        if (operation.Delete)
        {
            return found ? WriteOutcome.Deleted : WriteOutcome.NotFound;
        }

        Memory.Add(hash, operation);
        return found ? WriteOutcome.Updated : WriteOutcome.Created;
    }
}
