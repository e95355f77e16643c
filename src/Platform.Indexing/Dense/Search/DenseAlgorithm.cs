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

    /// <summary>Through the graph by codes, then the stored vectors of what was found. Not exact; needs a graph.</summary>
    Hnsw = 3,

    /// <summary>Through the graph by stored vectors. Not exact; needs a graph. For comparison.</summary>
    HnswByVectors = 4,
}

/// <summary>Kinds of algorithms.</summary>
internal static class DenseAlgorithmKinds
{
    /// <summary>Whether it goes through a graph.</summary>
    public static bool IsGraph(this DenseAlgorithm algorithm) => algorithm is DenseAlgorithm.Hnsw or DenseAlgorithm.HnswByVectors;
}
