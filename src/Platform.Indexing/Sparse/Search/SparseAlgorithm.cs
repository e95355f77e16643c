namespace Platform.Indexing.Sparse;

/// <summary>Which algorithm answers a query.</summary>
internal enum SparseAlgorithm
{
    /// <summary>The one the cost model expects to be fastest.</summary>
    Planned,

    /// <summary>Every posting of every query term, window by window.</summary>
    Exhaustive,

    /// <summary>Only postings of blocks whose bound reaches the threshold.</summary>
    BlockMaxPruning,

    /// <summary>Every posting with signed sums and matches tracked apart: what answers when a query weight is negative.</summary>
    Signed,

    /// <summary>Document by document, the slow twin that the others are tested against.</summary>
    DotProduct,
}
