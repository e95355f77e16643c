namespace Platform.Abstractions.Records;

/// <summary>What the sparse part of a shard holds, and some of its terms.</summary>
[GenerateSerializer, Immutable, Alias("sparse-report")]
public sealed record SparseReport
{
    /// <summary>The sums.</summary>
    [Id(0)]
    public required SparseSums Sums { get; init; }

    /// <summary>Term ids above the one asked for, ascending: int32 little-endian.</summary>
    [Id(1)]
    public required ReadOnlyMemory<byte> TermIds { get; init; }

    /// <summary>How many documents have each: int64 little-endian.</summary>
    [Id(2)]
    public required ReadOnlyMemory<byte> Counts { get; init; }

    /// <summary>Whether there are terms beyond the last.</summary>
    [Id(3)]
    public required bool More { get; init; }
}

/// <summary>Figures of sparse postings that add up over shards.</summary>
[GenerateSerializer, Immutable, Alias("sparse-sums")]
public sealed record SparseSums
{
    /// <summary>Documents, those deleted but not yet dropped included.</summary>
    [Id(0)]
    public required long Documents { get; init; }

    /// <summary>Postings.</summary>
    [Id(1)]
    public required long Postings { get; init; }

    /// <summary>Postings of sealed segments, which bytes and layouts are of.</summary>
    [Id(2)]
    public required long SealedPostings { get; init; }

    /// <summary>Bytes by part, ascending by name.</summary>
    [Id(3)]
    public required PartBytes[] BytesByPart { get; init; }

    /// <summary>Blocks and postings as they lie.</summary>
    [Id(4)]
    public required SparseLayout Layout { get; init; }

    /// <summary>The same in a random order of documents, by expectation.</summary>
    [Id(5)]
    public required SparseLayout RandomLayout { get; init; }

    /// <summary>The sum over shards.</summary>
    public static SparseSums Sum(IReadOnlyCollection<SparseSums> parts) => new()
    {
        Documents = parts.Sum(part => part.Documents),
        Postings = parts.Sum(part => part.Postings),
        SealedPostings = parts.Sum(part => part.SealedPostings),
        BytesByPart =
        [
            .. parts.SelectMany(part => part.BytesByPart)
                .GroupBy(part => part.Name, StringComparer.Ordinal)
                .OrderBy(part => part.Key, StringComparer.Ordinal)
                .Select(part => new PartBytes(part.Key, part.Sum(bytes => bytes.Bytes))),
        ],
        Layout = SumOf(parts.Select(part => part.Layout)),
        RandomLayout = SumOf(parts.Select(part => part.RandomLayout)),
    };

    private static SparseLayout SumOf(IEnumerable<SparseLayout> layouts) => layouts.Aggregate(
        new SparseLayout(0, 0, 0), (a, b) => new SparseLayout(a.DensePostings + b.DensePostings, a.Steps + b.Steps, a.Bytes + b.Bytes));
}

/// <summary>Bytes of one part of a format.</summary>
/// <param name="Name">The part.</param>
/// <param name="Bytes">Its bytes.</param>
[GenerateSerializer, Immutable, Alias("part-bytes")]
public readonly record struct PartBytes([property: Id(0)] string Name, [property: Id(1)] long Bytes);

/// <summary>How postings lie in blocks of documents.</summary>
/// <param name="DensePostings">Postings in dense blocks.</param>
/// <param name="Steps">Dense blocks and single postings.</param>
/// <param name="Bytes">Bytes of documents and impacts.</param>
[GenerateSerializer, Immutable, Alias("sparse-layout")]
public readonly record struct SparseLayout([property: Id(0)] double DensePostings, [property: Id(1)] double Steps, [property: Id(2)] double Bytes);

/// <summary>The sparse part of an index.</summary>
/// <param name="Sums">Over the shards that answered.</param>
/// <param name="Terms">Different terms.</param>
/// <param name="ExpectedFlops">Σ over terms of the squared share of documents that have it.</param>
/// <param name="Coverage">Which shards answered.</param>
[GenerateSerializer, Immutable, Alias("sparse-index-report")]
public sealed record SparseIndexReport(
    [property: Id(0)] SparseSums Sums,
    [property: Id(1)] long Terms,
    [property: Id(2)] double ExpectedFlops,
    [property: Id(3)] ShardCoverage Coverage);

/// <summary>How many documents of an index have each of some sparse terms.</summary>
/// <param name="Documents">Documents of the shards that answered.</param>
/// <param name="Counts">One a term, in the order asked.</param>
/// <param name="Coverage">Which shards answered.</param>
[GenerateSerializer, Immutable, Alias("sparse-term-frequencies")]
public sealed record SparseTermFrequencies(
    [property: Id(0)] long Documents, [property: Id(1)] long[] Counts, [property: Id(2)] ShardCoverage Coverage);
