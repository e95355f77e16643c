using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>What an evaluation does with a collection.</summary>
internal sealed record EvaluationPlan
{
    /// <summary>The most hits a search returns.</summary>
    public const int MaxDepth = 10_000;

    /// <summary>The index that is made, or searched as it is.</summary>
    public required string Index { get; init; }

    /// <summary>The judged split.</summary>
    public required string Split { get; init; }

    /// <summary>The encoder of the index.</summary>
    public required string Encoder { get; init; }

    /// <summary>The shards of the index.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>BM25's constants.</summary>
    public Bm25Spec Bm25 { get; init; } = new();

    /// <summary>The dense vectors of the index; null for none, or those of a dense encoder.</summary>
    public DenseSpec? Dense { get; init; }

    /// <summary>Vectors that are sent with documents and queries; null for none.</summary>
    public GivenVectors? Vectors { get; init; }

    /// <summary>What the queries are searched by; null for the index's encoder.</summary>
    public string? Mode { get; init; }

    /// <summary>How the lists of a hybrid search are joined; null if there is one list.</summary>
    public FusionSpec? Fusion { get; init; }

    /// <summary>Hits asked for a query.</summary>
    public int Depth { get; init; } = 1_000;

    /// <summary>Queries under way at once.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>BEIR's rule for ArguAna and Quora: a hit whose id is the query's is dropped.</summary>
    public bool DropSelf { get; init; }

    /// <summary>What a sparse search may leave out; null for exact.</summary>
    public PruningSpec? Pruning { get; init; }

    /// <summary>True to search an index that is there: nothing is created, ingested or deleted.</summary>
    public bool UseExisting { get; init; }

    /// <summary>Where run, judgements and report are written.</summary>
    public required string OutputFolder { get; init; }
}
