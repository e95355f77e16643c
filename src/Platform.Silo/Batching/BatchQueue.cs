namespace Platform.Silo.Batching;

/// <summary>What waits for one device, and what goes into the next batch. Bounded. Not thread-safe.</summary>
/// <remarks>
/// Queries and documents each have a queue of the same bound and a place on the device. In a queue tenants take turns: the next tenant's oldest text leads the batch, and texts of
/// the same encoder and length bucket join it, one a tenant and turn, while the padded batch stays within the token budget. So no tenant and no
/// length starves, and a batch is never held back to fill up.
/// </remarks>
/// <param name="tokensPerBatch">Texts times the longest text's tokens, at most; a longer text goes alone.</param>
/// <param name="maxQueuedTokens">Tokens that may wait, of queries and of documents each. One tenant may hold half of them.</param>
internal sealed class BatchQueue(int tokensPerBatch, int maxQueuedTokens)
{
    private readonly LinkedList<TenantLine>[] _rings = [[], []];                                  // documents, queries; the first line's turn is next
    private readonly Dictionary<string, LinkedListNode<TenantLine>>[] _lines = [new(StringComparer.Ordinal), new(StringComparer.Ordinal)];
    private readonly long[] _tokens = new long[2];
    private long _sequence;

    /// <summary>Tokens that one tenant may have waiting, and that one call may bring.</summary>
    public int MaxTenantTokens { get; } = Math.Max(1, maxQueuedTokens / 2);

    /// <summary>Tokens that wait.</summary>
    public long WaitingTokens(bool queries) => _tokens[Class(queries)];

    /// <summary>Whether a call's tokens have room beside what waits already.</summary>
    public bool HasRoom(string tenant, bool queries, long tokens)
    {
        long ofTenant = _lines[Class(queries)].TryGetValue(tenant, out LinkedListNode<TenantLine>? line) ? line.Value.Tokens : 0;
        return _tokens[Class(queries)] + tokens <= maxQueuedTokens && ofTenant + tokens <= MaxTenantTokens;
    }

    /// <summary>Adds a text behind the others of its tenant; <see cref="HasRoom"/> has said yes.</summary>
    public void Add(BatchItem item)
    {
        int kind = Class(item.Call.AreQueries);
        if (!_lines[kind].TryGetValue(item.Call.Tenant, out LinkedListNode<TenantLine>? line))
        {
            line = _rings[kind].AddLast(new TenantLine(item.Call.Tenant));
            _lines[kind].Add(item.Call.Tenant, line);
        }

        item.Sequence = _sequence++;
        line.Value.Add(item);
        _tokens[kind] += item.Tokens.Length;
    }

    /// <summary>Takes out a text if it still waits.</summary>
    public void Remove(BatchItem item)
    {
        int kind = Class(item.Call.AreQueries);
        if (_lines[kind].TryGetValue(item.Call.Tenant, out LinkedListNode<TenantLine>? line) && line.Value.Remove(item))
        {
            _tokens[kind] -= item.Tokens.Length;
            if (line.Value.IsEmpty)
            {
                _rings[kind].Remove(line);
                _lines[kind].Remove(item.Call.Tenant);
            }
        }
    }

    /// <summary>The next batch of queries or of documents; empty if none wait.</summary>
    public List<BatchItem> Take(bool queries) => Take(Class(queries));

    private static int Class(bool queries) => queries ? 1 : 0;

    private List<BatchItem> Take(int kind)
    {
        List<BatchItem> batch = [];
        if (_rings[kind].First is not { } first)
        {
            return batch;
        }

        BatchItem lead = first.Value.Oldest();
        _rings[kind].Remove(first);
        _rings[kind].AddLast(first);                                                            // its next turn comes after all others'
        batch.Add(lead);
        Remove(lead);
        int longest = lead.Tokens.Length;
        int before;
        do
        {
            before = batch.Count;
            foreach (TenantLine line in _rings[kind].ToArray())                                 // a line that becomes empty leaves the ring
            {
                if (line.NextLike(lead) is { } next && (batch.Count + 1L) * Math.Max(longest, next.Tokens.Length) <= tokensPerBatch)
                {
                    batch.Add(next);
                    Remove(next);
                    longest = Math.Max(longest, next.Tokens.Length);
                }
            }
        }
        while (batch.Count > before);

        return batch;
    }
}
