using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>How a sparse search was answered.</summary>
public sealed record SearchExecution
{
    /// <summary>True if the hits are those of a dot product with every document of the shards that answered.</summary>
    public required bool Exact { get; init; }

    /// <summary>What the search was allowed to leave out.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The algorithms that ran, each once: <c>BlockMaxPruning</c>, <c>Exhaustive</c>, or <c>Signed</c> for negative weights. A segment in memory is always searched exhaustively.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>What it touched; with an explanation only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchWork? Work { get; init; }
}

/// <summary>What a sparse search touched, summed over shards.</summary>
public sealed record SearchWork
{
    /// <summary>Segments searched.</summary>
    public required long Segments { get; init; }

    /// <summary>Superblocks of 16,384 documents visited.</summary>
    public required long Superblocks { get; init; }

    /// <summary>Blocks of 64 documents in which documents were scored.</summary>
    public required long Blocks { get; init; }

    /// <summary>Documents scored.</summary>
    public required long Documents { get; init; }

    /// <summary>Postings added to a score.</summary>
    public required long Postings { get; init; }

    /// <summary>Postings of all terms of the query.</summary>
    public required long AllPostings { get; init; }
}
