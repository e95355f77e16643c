namespace Platform.Indexing.Sparse;

/// <summary>What a sparse search did, summed over segments.</summary>
/// <param name="Algorithms">The algorithms that ran, by name, each once.</param>
/// <param name="Pruning">What it was asked to leave out.</param>
/// <param name="Segments">Segments searched, the memory segment included.</param>
/// <param name="Superblocks">Windows of 16,384 documents visited.</param>
/// <param name="Blocks">Blocks of 64 documents in which a document was scored in full.</param>
/// <param name="Documents">Documents scored in full.</param>
/// <param name="Postings">Postings whose impact was added to a sum.</param>
/// <param name="AllPostings">Postings of all query terms.</param>
public sealed record SparseRun(
    IReadOnlyList<string> Algorithms,
    SparsePruning Pruning,
    int Segments,
    long Superblocks,
    long Blocks,
    long Documents,
    long Postings,
    long AllPostings)
{
    /// <summary>Whether the hits are those of a dot product with every document: nothing was asked to be left out, or no algorithm ran that would.</summary>
    public bool IsExact => Pruning.IsExact || (Pruning.TermShare >= 1 && !Algorithms.Contains(nameof(SparseAlgorithm.BlockMaxPruning)));
}

/// <summary>Sums what the segments of a shard report.</summary>
internal sealed class SparseRunSum(SparsePruning pruning)
{
    private readonly SortedSet<string> _algorithms = new(StringComparer.Ordinal);
    private int _segments;
    private long _windows, _blocks, _documents, _postings, _all;

    /// <summary>Adds one segment.</summary>
    public void Add(in SparseExecution execution)
    {
        _algorithms.Add(execution.Algorithm.ToString());
        _segments++;
        _windows += execution.Windows;
        _blocks += execution.Blocks;
        _documents += execution.Documents;
        _postings += execution.Postings;
        _all += execution.AllPostings;
    }

    /// <summary>The sums so far.</summary>
    public SparseRun Total() => new([.. _algorithms], pruning, _segments, _windows, _blocks, _documents, _postings, _all);
}
