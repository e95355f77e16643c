using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>What one thread searches sparse postings with: about 250 KB once used, so it is lent and not made for a query.</summary>
internal sealed class SparseSearchers
{
    private SparseSearcher? _ofSealed;
    private MemorySearcher? _ofMemory;

    /// <summary>For segment files.</summary>
    public SparseSearcher OfSealed => _ofSealed ??= new SparseSearcher();

    /// <summary>For the memory segment.</summary>
    public MemorySearcher OfMemory => _ofMemory ??= new MemorySearcher();
}
