namespace Platform.Indexing.Dense;

/// <summary>How a query is answered.</summary>
internal enum DenseAlgorithm
{
    /// <summary>What the measurements recommend.</summary>
    Planned = 0,

    /// <summary>Every stored vector's product.</summary>
    Scan = 1,

    /// <summary>Every code's product; the stored vector's only where the code's error bound reaches the threshold. As exact as a scan.</summary>
    CodeScan = 2,
}
