using System.Globalization;
using Platform.Encoders.Contract;
using Platform.Training.Recipes;

namespace Platform.Training.Running;

/// <summary>Stops a run that can't come to anything: numbers that are none, vectors that are all zero, vectors that stay full.</summary>
/// <param name="recipe">The run's.</param>
/// <param name="vocabulary">Terms a vector can have.</param>
internal sealed class TrainingMonitor(TrainingRecipe recipe, int vocabulary)
{
    /// <summary>Steps in a row that a fault must last, the first kind apart.</summary>
    public const int Patience = 20;

    private const double DensePart = 0.9;

    private int _dead;
    private int _dense;

    /// <summary>Looks at a step before the optimiser uses its gradients.</summary>
    /// <exception cref="TrainingStoppedException">The run should end.</exception>
    public void Check(int step, StepFigures figures, double gradientNorm)
    {
        if (!double.IsFinite(figures.Loss) || !double.IsFinite(gradientNorm))
        {
            throw Stop(step, $"the loss is {figures.Loss} and the gradients' norm {gradientNorm}", "Lower learningRate or gradientNorm, or lengthen warmup; the weights of the last checkpoint are sound.");
        }

        if (recipe is not { Head: EncoderHead.Sparse, Stage: TrainingStage.Retrieval })
        {
            return;
        }

        double fewest = Math.Min(figures.QueryTerms, figures.PassageTerms);
        double most = Math.Max(figures.QueryTerms, figures.PassageTerms);
        _dead = fewest < 1 ? _dead + 1 : 0;
        _dense = step >= recipe.Steps / 3 && most > DensePart * vocabulary ? _dense + 1 : 0;
        if (_dead == Patience)
        {
            throw Stop(step, $"for {Patience} steps vectors have {fewest:0.##} non-zeros on average, so they have died", "Lower sparsity.queries and sparsity.passages, or the learning rate.");
        }

        if (_dense == Patience)
        {
            throw Stop(step, $"for {Patience} steps, after the ramp, vectors have {most:0} non-zeros of {vocabulary} on average, so they stay full", "Raise sparsity.queries and sparsity.passages, or train longer.");
        }
    }

    private static TrainingStoppedException Stop(int step, FormattableString found, string remedy) =>
        new($"Training stopped at step {step + 1}: {found.ToString(CultureInfo.InvariantCulture)}. {remedy}");
}

/// <summary>A run that was ended because it can't come to anything; the message says what was seen and what to change.</summary>
public sealed class TrainingStoppedException : Exception
{
    internal TrainingStoppedException(string message)
        : base(message)
    {
    }
}
