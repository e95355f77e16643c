namespace Platform.Silo.Batching;

/// <summary>The waiting texts of one tenant, in groups that may share a batch, each in the order of arrival.</summary>
internal sealed class TenantLine(string tenant)
{
    private readonly Dictionary<(IBatchEncoder Encoder, int Bucket), LinkedList<BatchItem>> _groups = [];

    /// <summary>Whose texts.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>Tokens that wait.</summary>
    public long Tokens { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _groups.Count == 0;

    /// <summary>Adds a text behind all others of its group.</summary>
    public void Add(BatchItem item)
    {
        if (!_groups.TryGetValue(GroupOf(item), out LinkedList<BatchItem>? group))
        {
            group = [];
            _groups.Add(GroupOf(item), group);
        }

        group.AddLast(item);
        Tokens += item.Tokens.Length;
    }

    /// <summary>Takes out a text, if it still waits here.</summary>
    public bool Remove(BatchItem item)
    {
        if (!_groups.TryGetValue(GroupOf(item), out LinkedList<BatchItem>? group) || !group.Remove(item))
        {
            return false;
        }

        if (group.Count == 0)
        {
            _groups.Remove(GroupOf(item));
        }

        Tokens -= item.Tokens.Length;
        return true;
    }

    /// <summary>The text that has waited longest; the line is not empty.</summary>
    public BatchItem Oldest() => _groups.Values.Select(group => group.First!.Value).MinBy(item => item.Sequence)!;

    /// <summary>The text that could join a batch led by another one, or null.</summary>
    public BatchItem? NextLike(BatchItem lead) => _groups.GetValueOrDefault(GroupOf(lead))?.First?.Value;

    private static (IBatchEncoder Encoder, int Bucket) GroupOf(BatchItem item) => (item.Call.Encoder, item.Bucket);
}
