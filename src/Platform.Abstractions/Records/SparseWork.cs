namespace Platform.Abstractions.Records;

/// <summary>What a sparse search did, on one shard or summed over several.</summary>
[GenerateSerializer, Immutable, Alias("sparse-work")]
public sealed record SparseWork
{
    /// <summary>The algorithms that ran, ascending by name, each once; none if there was nothing to search.</summary>
    [Id(0)]
    public required string[] Algorithms { get; init; }

    /// <summary>Whether the hits are those of a dot product with every document.</summary>
    [Id(1)]
    public required bool IsExact { get; init; }

    /// <summary>Segments searched.</summary>
    [Id(2)]
    public required long Segments { get; init; }

    /// <summary>Superblocks of 16,384 documents visited.</summary>
    [Id(3)]
    public required long Superblocks { get; init; }

    /// <summary>Blocks of 64 documents in which documents were scored.</summary>
    [Id(4)]
    public required long Blocks { get; init; }

    /// <summary>Documents scored.</summary>
    [Id(5)]
    public required long Documents { get; init; }

    /// <summary>Postings added to a score.</summary>
    [Id(6)]
    public required long Postings { get; init; }

    /// <summary>Postings of all terms of the query.</summary>
    [Id(7)]
    public required long AllPostings { get; init; }

    /// <summary>The sum; of no parts, the work of a search that found nothing to do.</summary>
    public static SparseWork Sum(IReadOnlyCollection<SparseWork> parts) => new()
    {
        Algorithms = [.. parts.SelectMany(part => part.Algorithms).Distinct().Order(StringComparer.Ordinal)],
        IsExact = parts.All(part => part.IsExact),
        Segments = parts.Sum(part => part.Segments),
        Superblocks = parts.Sum(part => part.Superblocks),
        Blocks = parts.Sum(part => part.Blocks),
        Documents = parts.Sum(part => part.Documents),
        Postings = parts.Sum(part => part.Postings),
        AllPostings = parts.Sum(part => part.AllPostings),
    };
}
