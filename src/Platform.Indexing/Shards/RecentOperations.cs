namespace Platform.Indexing.Shards;

/// <summary>The outcomes of a shard's latest operations, so that an operation sent again is answered and not applied again.</summary>
/// <remarks>
/// A ring: the newest id pushes the oldest out. 17 bytes an operation, saved with each seal. After a merge of shards it holds what all of
/// them remembered, and each new id then pushes two out, until it is down to its capacity.
/// </remarks>
internal sealed class RecentOperations
{
    /// <summary>How many operations are remembered: some minutes of full ingest, at most 1 MB a shard.</summary>
    public const int Capacity = 32_768;

    /// <summary>How many are remembered at most right after a merge of shards.</summary>
    public const int MergedCapacity = 8 * Capacity;

    private const int EntryLength = 17;

    private readonly Dictionary<Guid, WriteOutcome> _outcomes = [];
    private readonly Queue<Guid> _order = new();

    /// <summary>The outcome of an operation, if it is remembered.</summary>
    public bool TryGet(Guid operationId, out WriteOutcome outcome) => _outcomes.TryGetValue(operationId, out outcome);

    /// <summary>Remembers an outcome.</summary>
    public void Add(Guid operationId, WriteOutcome outcome)
    {
        if (!_outcomes.TryAdd(operationId, outcome))
        {
            return;
        }

        _order.Enqueue(operationId);
        for (int pushed = 0; pushed < 2 && _order.Count > Capacity; pushed++)
        {
            _outcomes.Remove(_order.Dequeue());
        }
    }

    /// <summary>What several shards remember, the newest last: the rings stand side by side, each id at its distance from its ring's newest.</summary>
    public static RecentOperations Union(IReadOnlyList<RecentOperations> rings)
    {
        var union = new RecentOperations();
        Guid[][] orders = [.. rings.Select(ring => ring._order.ToArray())];
        for (int back = orders.Max(order => order.Length); back > 0; back--)
        {
            for (int i = 0; i < orders.Length; i++)
            {
                if (back <= orders[i].Length && orders[i][^back] is var id && union._outcomes.TryAdd(id, rings[i]._outcomes[id]))
                {
                    union._order.Enqueue(id);
                }
            }
        }

        while (union._order.Count > MergedCapacity)
        {
            union._outcomes.Remove(union._order.Dequeue());
        }

        return union;
    }

    /// <summary>The entries, oldest first: id (16 bytes), outcome (1 byte).</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[_order.Count * EntryLength];
        int at = 0;
        foreach (Guid id in _order)
        {
            _ = id.TryWriteBytes(bytes.AsSpan(at));
            bytes[at + 16] = (byte)_outcomes[id];
            at += EntryLength;
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not whole entries.</exception>
    public static RecentOperations FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EntryLength != 0)
        {
            throw new InvalidDataException($"A list of operations has {bytes.Length} bytes; it must be a multiple of {EntryLength}.");
        }

        var operations = new RecentOperations();
        for (; !bytes.IsEmpty; bytes = bytes[EntryLength..])
        {
            var id = new Guid(bytes[..16]);
            if (operations._outcomes.TryAdd(id, (WriteOutcome)bytes[16]))
            {
                operations._order.Enqueue(id);
            }
        }

        return operations;
    }
}

/// <summary>What an operation did.</summary>
public enum WriteOutcome : byte
{
    /// <summary>Wrote a new document.</summary>
    Created = 0,

    /// <summary>Replaced a document.</summary>
    Updated = 1,

    /// <summary>Deleted a document.</summary>
    Deleted = 2,

    /// <summary>Found nothing to delete.</summary>
    NotFound = 3,
}
