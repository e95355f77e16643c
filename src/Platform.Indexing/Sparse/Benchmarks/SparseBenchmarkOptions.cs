using System.Globalization;

namespace Platform.Indexing.Sparse;

/// <summary>What <see cref="SparseBenchmark"/> measures.</summary>
public sealed record SparseBenchmarkOptions
{
    /// <summary>Documents. Default 100,000.</summary>
    public int Documents { get; init; } = 100_000;

    /// <summary>Term ids. Default 30,522.</summary>
    public int Vocabulary { get; init; } = 30_522;

    /// <summary>Seed of the collection and the queries. Default 20261122.</summary>
    public ulong Seed { get; init; } = 20261122;

    /// <summary>Queries timed; 0 times none. Default 1,000.</summary>
    public int Queries { get; init; } = 1_000;

    /// <summary>Queries compared with the dot product, at every k; 0 compares none. Default 1,000.</summary>
    public int CheckedQueries { get; init; } = 1_000;

    /// <summary>Times each query is asked; its fastest counts. Default 3.</summary>
    public int Passes { get; init; } = 3;

    /// <summary>Threads of building and of the second throughput measurement. Default 2.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>The file to write and map, kept with an account of its building beside it (<c>.json</c>) and not built again; null, the default, for a temporary one.</summary>
    public string? SegmentPath { get; init; }

    /// <summary>Documents are kept in memory up to this many bytes while building, those beyond in a temporary file. Default 256 MiB.</summary>
    public long MemoryBudgetBytes { get; init; } = new SparseBuildOptions().MemoryBudgetBytes;

    /// <summary>The largest query impact: 24, the default, as the collection's 5-bit queries; up to 1,023.</summary>
    public int LargestQueryImpact { get; init; } = 24;

    /// <summary>Everything that is out of range, in words.</summary>
    public IEnumerable<string> Faults()
    {
        (string Name, long Value, long Least, long Most)[] ranges =
        [
            (nameof(Documents), Documents, 1, 20_000_000),
            (nameof(Vocabulary), Vocabulary, 16, 1 << 24),
            (nameof(Queries), Queries, 0, 1_000_000),
            (nameof(CheckedQueries), CheckedQueries, 0, 1_000_000),
            (nameof(Passes), Passes, 1, 100),
            (nameof(Threads), Threads, 1, 1024),
            (nameof(MemoryBudgetBytes), MemoryBudgetBytes, 8 << 20, 1L << 40),
            (nameof(LargestQueryImpact), LargestQueryImpact, 1, 1023),
        ];
        return ranges
            .Where(range => range.Value < range.Least || range.Value > range.Most)
            .Select(range => string.Create(
                CultureInfo.InvariantCulture, $"{range.Name} is {range.Value}; it must be {range.Least:N0} to {range.Most:N0}."));
    }
}
