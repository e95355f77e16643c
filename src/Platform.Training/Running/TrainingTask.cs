namespace Platform.Training.Running;

/// <summary>What one optimiser step computes: gradients, and figures on the way.</summary>
internal abstract class TrainingTask : IDisposable
{
    /// <summary>Adds the gradients of a step's batches to what is trained.</summary>
    /// <param name="step">Optimiser steps done.</param>
    /// <param name="batches">How many.</param>
    /// <param name="cancellationToken">Gives up; gradients are then of no use.</param>
    public StepFigures Accumulate(int step, int batches, CancellationToken cancellationToken)
    {
        StepFigures sum = default;
        for (int i = 0; i < batches; i++)
        {
            sum = sum.Plus(AddGradients(step, ((long)step * batches) + i, 1.0 / batches, cancellationToken));
        }

        return sum.Over(batches);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Adds the gradients of one batch, times <paramref name="share"/>.</summary>
    protected abstract StepFigures AddGradients(int step, long batch, double share, CancellationToken cancellationToken);
}
