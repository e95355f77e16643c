using BenchmarkDotNet.Attributes;
using Platform.Indexing.Sparse;

namespace Platform.Benchmarks;

/// <summary>Adding one term's postings to one window's sums, and scanning the sums.</summary>
public class SparseKernels
{
    private readonly SparseSearcher _searcher = new();
    private SparseSegment? _segment;

    /// <summary>Share of the window's documents that have the term.</summary>
    [Params(0.01, 0.1, 0.5)]
    public double Density { get; set; }

    [GlobalSetup]
    public void Build()
    {
        var random = new Random(1);
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Reorder = false });
        for (int i = 0; i < BlockLayout.WindowSize; i++)
        {
            bool has = random.NextDouble() < Density;
            builder.AddImpacts(has ? [1] : [], has ? [(byte)random.Next(1, 256)] : []);
        }

        using var stream = new MemoryStream();
        builder.Build(stream, [], CancellationToken.None);
        _segment = SparseSegment.Open(stream.ToArray(), "kernel");
    }

    [Benchmark]
    public int Narrow() => _searcher.Search(_segment!, [1], [20], new SparseSearchOptions(10, SparseAlgorithm.Exhaustive)).Hits.Length;

    [Benchmark]
    public int Wide() => _searcher.Search(_segment!, [1], [1000], new SparseSearchOptions(10, SparseAlgorithm.Exhaustive)).Hits.Length;

    [GlobalCleanup]
    public void Close() => _segment?.Dispose();
}
