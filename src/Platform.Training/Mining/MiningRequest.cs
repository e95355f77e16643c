using Platform.Encoders.Models;
using Platform.Training.Recipes;

namespace Platform.Training.Mining;

/// <summary>Which negatives to mine for the examples of a recipe.</summary>
public sealed record MiningRequest
{
    /// <summary>Its sources give queries, positives and the passages that are searched.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>What the recipe's paths are relative to.</summary>
    public required string RecipeFolder { get; init; }

    /// <summary>A model with a sparse head that searches; null for BM25.</summary>
    public StoredModel? Model { get; init; }

    /// <summary>The first rank taken, 1 or more: the very first are often answers that nobody marked. Default 1.</summary>
    public int FirstRank { get; init; } = 1;

    /// <summary>The last rank taken, to 1,000. Default 100.</summary>
    public int LastRank { get; init; } = 100;

    /// <summary>Negatives an example, drawn from those ranks; fewer where there are no more. Default 8.</summary>
    public int Negatives { get; init; } = 8;

    /// <summary>A passage with at least this share of the best positive's score is taken for an answer and left out; above 0. Default 0.95.</summary>
    public double MostOfPositive { get; init; } = 0.95;

    /// <summary>Draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What is out of range, in words; null if nothing is.</summary>
    public string? Fault() => this switch
    {
        { FirstRank: < 1 } or { LastRank: > 1000 } => $"The ranks are {FirstRank} to {LastRank}; they must lie in 1 to 1000.",
        _ when FirstRank > LastRank => $"The ranks are {FirstRank} to {LastRank}; the first must not be above the last.",
        { Negatives: < 1 or > 1000 } => $"Negatives is {Negatives}; it must be 1 to 1000.",
        { MostOfPositive: not (> 0 and <= 1000) } => $"The share of the positive's score is {MostOfPositive}; it must be above 0 to 1000.",
        _ => null,
    };
}

/// <summary>What mining did.</summary>
/// <param name="Examples">Examples written.</param>
/// <param name="WithoutNegatives">Examples left out because the search gave no negative.</param>
/// <param name="Passages">Distinct passages searched.</param>
/// <param name="Negatives">Negatives written.</param>
public sealed record MiningResult(long Examples, long WithoutNegatives, int Passages, long Negatives);
