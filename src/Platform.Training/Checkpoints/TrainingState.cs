namespace Platform.Training.Checkpoints;

/// <summary>All of a run's state beside its tensors.</summary>
/// <remarks>Data order, masks and dropout follow from the recipe's seed and the step, so they need no state.</remarks>
public sealed record TrainingState
{
    /// <summary>The version of this file's form; 1.</summary>
    public required int Format { get; init; }

    /// <summary>Optimiser steps done.</summary>
    public required int Step { get; init; }

    /// <summary>What decides the weights: recipe, data and origin, see <see cref="Recipes.RecipeFile.HashOf"/>.</summary>
    public required string RecipeHash { get; init; }

    /// <summary>SHA-256 of the texts.</summary>
    public required string DataHash { get; init; }

    /// <summary>Tokens computed.</summary>
    public required long Tokens { get; init; }

    /// <summary>Seconds of training, over all attempts.</summary>
    public required double Seconds { get; init; }

    /// <summary>Factors and means of the sparsity controllers: queries, passages.</summary>
    public required IReadOnlyList<double> Sparsity { get; init; }

    /// <summary>The best development result so far; null before the first.</summary>
    public required DevelopmentResult? Best { get; init; }

    /// <summary>SHA-256 of the tensors' file.</summary>
    public required string TensorsSha256 { get; init; }
}

/// <summary>How weights did on the development set.</summary>
/// <param name="Step">Optimiser steps before it.</param>
/// <param name="NdcgAt10">0 to 1.</param>
/// <param name="QueryTerms">Mean non-zeros of queries; dimensions with a dense head.</param>
/// <param name="PassageTerms">Mean non-zeros of passages; dimensions with a dense head.</param>
public sealed record DevelopmentResult(int Step, double NdcgAt10, double QueryTerms, double PassageTerms);
