namespace Platform.Indexing.Dense;

/// <summary>Why a query was answered the way it was.</summary>
internal enum DenseReason
{
    /// <summary>The caller named the algorithm.</summary>
    Asked = 0,

    /// <summary>The vectors have no graph.</summary>
    NoGraph = 1,

    /// <summary>So few documents may be found that scanning them costs less than going through the graph.</summary>
    ScanCheaper = 2,

    /// <summary>Going through the graph costs less than a scan.</summary>
    GraphCheaper = 3,

    /// <summary>The graph was tried and had cost as much as a scan; a scan answered.</summary>
    GraphTooDear = 4,

    /// <summary>The graph was tried and led to fewer than k documents where there may be more; a scan answered.</summary>
    GraphIncomplete = 5,
}
