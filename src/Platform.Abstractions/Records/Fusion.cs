namespace Platform.Abstractions.Records;

/// <summary>How two lists become one.</summary>
[GenerateSerializer, Immutable, Alias("fusion")]
public sealed record Fusion
{
    /// <summary>The method.</summary>
    [Id(0)]
    public required FusionMethod Method { get; init; }

    /// <summary>Of reciprocal rank fusion: what is added to a rank, from 1.</summary>
    [Id(1)]
    public required int K { get; init; }

    /// <summary>Of the linear methods: the dense leg's share, 0 to 1; the other leg has the rest.</summary>
    [Id(2)]
    public required double DenseWeight { get; init; }

    /// <summary>How many best hits of each leg are fused.</summary>
    [Id(3)]
    public required int Depth { get; init; }
}

/// <summary>How the ranks or scores of two lists are put together.</summary>
[GenerateSerializer, Alias("fusion-method")]
public enum FusionMethod
{
    /// <summary>Reciprocal rank fusion.</summary>
    ReciprocalRank,

    /// <summary>Weighted sum of scores brought to 0 to 1 by the list's least and largest.</summary>
    MinMax,

    /// <summary>Weighted sum of scores in standard deviations from the list's mean.</summary>
    ZScore,
}

/// <summary>Where one leg of a hybrid search found a document.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Rank">Its place in that leg's list, from 1; 0 if it is not among the hits that were fused.</param>
/// <param name="Score">Its score there; 0 without a rank.</param>
[GenerateSerializer, Immutable, Alias("leg-place")]
public readonly record struct LegPlace([property: Id(0)] SearchMode Leg, [property: Id(1)] int Rank, [property: Id(2)] double Score);
