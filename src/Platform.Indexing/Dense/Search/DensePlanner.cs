using System.Numerics;

namespace Platform.Indexing.Dense;

/// <summary>Chooses between the scan by codes and the graph by what each would cost, in products of codes.</summary>
/// <remarks>
/// A scan multiplies the code of each document that may be found. A graph multiplies about <see cref="CodesOfEf"/> times ef codes, at
/// <see cref="GraphCode"/> times the price, since they lie anywhere; and where only a share s of the documents may be found, 1/s
/// times as many before ef of them are. The constants are measured: <c>tests/Platform.Benchmarks/README.md</c>, <c>dense --hnsw</c>.
/// </remarks>
internal static class DensePlanner
{
    /// <summary>The width of the beam where the caller states none.</summary>
    public const int DefaultEf = 64;

    /// <summary>From so many vectors on a sealed segment should have a graph; below, a scan is as fast and costs nothing to build.</summary>
    public const int GraphFrom = 10_000;

    private const double CodesOfEf = 14;
    private const double CodesOfDescent = 200;
    private const double GraphCode = 2;

    /// <summary>Makes a plan.</summary>
    /// <param name="rows">Where to search.</param>
    /// <param name="graph">Their graph, if they have one.</param>
    /// <param name="k">How many documents.</param>
    /// <param name="ef">The width of the beam, 0 for <see cref="DefaultEf"/>; at least k is used.</param>
    /// <param name="scope">Which documents may be found.</param>
    public static DensePlan Choose(VectorRows rows, HnswGraph? graph, int k, int ef, in DenseScope scope)
    {
        if (graph is null)
        {
            return new DensePlan(DenseAlgorithm.CodeScan, DenseReason.NoGraph, 0, 0);
        }

        int width = WidthOf(rows, k, ef);
        double matches = MatchesAtMost(rows, scope);
        double scan = matches;
        double visited = CodesOfDescent + (CodesOfEf * width * (rows.Count / Math.Max(1, matches)));
        return visited * GraphCode < scan
            ? new DensePlan(DenseAlgorithm.Hnsw, DenseReason.GraphCheaper, width, (long)(scan / GraphCode))
            : new DensePlan(DenseAlgorithm.CodeScan, DenseReason.ScanCheaper, 0, 0);
    }

    /// <summary>The plan of a caller who named an algorithm.</summary>
    public static DensePlan Asked(VectorRows rows, DenseAlgorithm algorithm, int k, int ef) =>
        new(algorithm, DenseReason.Asked, algorithm.IsGraph() ? WidthOf(rows, k, ef) : 0, long.MaxValue);

    /// <summary>How many documents may be found at most: those without a vector count where the scope has them.</summary>
    public static int MatchesAtMost(VectorRows rows, in DenseScope scope)
    {
        if (scope.IsEverything || rows.Count == 0)
        {
            return rows.Count;
        }

        int documents = rows.DocIdOf(rows.Count - 1) + 1;
        long matches = 0;
        int words = (documents + 63) / 64;
        for (int word = 0; word < words; word++)
        {
            ulong deleted = word < scope.Deleted.Length ? scope.Deleted[word] : 0;
            ulong allowed = !scope.HasFilter ? ulong.MaxValue : word < scope.Allowed.Length ? scope.Allowed[word] : 0;
            ulong within = word == words - 1 && documents % 64 != 0 ? (1UL << (documents % 64)) - 1 : ulong.MaxValue;
            matches += BitOperations.PopCount(allowed & ~deleted & within);
        }

        return (int)Math.Min(matches, rows.Count);
    }

    private static int WidthOf(VectorRows rows, int k, int ef)
    {
        int wanted = ef > 0 ? ef : DefaultEf;
        return Math.Max(1, Math.Min(rows.Count, Math.Max(wanted, k)));
    }
}
