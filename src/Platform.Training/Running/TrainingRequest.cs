using Platform.Encoders.Models;
using Platform.Training.Checkpoints;
using Platform.Training.Recipes;

namespace Platform.Training.Running;

/// <summary>A run to be made or gone on with.</summary>
public sealed record TrainingRequest
{
    /// <summary>The recipe.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>What the recipe's paths are relative to.</summary>
    public required string RecipeFolder { get; init; }

    /// <summary>Where checkpoints lie; a run that finds its own here goes on with the newest.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where parents come from and the result goes.</summary>
    public required ModelStore Store { get; init; }

    /// <summary>Threads of an operation; 0 for the physical cores. Bits are reproducible for one number of threads. The process's first choice holds.</summary>
    public int Threads { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="State">The state saved last.</param>
/// <param name="Model">The model version made; null where the run was stopped before its end.</param>
public sealed record TrainingOutcome(TrainingState State, StoredModel? Model);
