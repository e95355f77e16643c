using static TorchSharp.torch;

namespace Platform.Training.Losses;

/// <summary>What ranks passages in fine-tuning. Zeng et al. 2025, arXiv:2502.15526, section 3.</summary>
public enum Objective
{
    /// <summary>CL: InfoNCE over all passages of the step.</summary>
    Contrastive,

    /// <summary>KD alone: margin-MSE on the positive and one negative a query.</summary>
    MarginMse,

    /// <summary>KL divergence from the teacher over a query's own passages.</summary>
    KlDivergence,

    /// <summary>CL+KD: half InfoNCE, half KL divergence.</summary>
    ContrastiveAndKl,
}

/// <summary>The ranking loss of an objective.</summary>
internal static class RankingLoss
{
    /// <summary>Whether it needs a teacher's scores.</summary>
    public static bool NeedsTeacher(this Objective objective) => objective != Objective.Contrastive;

    /// <summary>The loss of a step.</summary>
    /// <param name="objective">Which.</param>
    /// <param name="queries">[B, d]</param>
    /// <param name="passages">[B(1+n), d], query by query, each one's positive first.</param>
    /// <param name="teacher">[B, 1+n]; null where the objective needs none.</param>
    /// <param name="temperature">Divides the student's scores.</param>
    /// <param name="sameAsPositive">See <see cref="InfoNce.Loss"/>.</param>
    /// <returns>A scalar; differentiable; the caller disposes it.</returns>
    public static Tensor Of(Objective objective, Tensor queries, Tensor passages, Tensor? teacher, double temperature, Tensor? sameAsPositive)
    {
        using var scope = NewDisposeScope();
        Tensor Teacher() => teacher ?? throw new ArgumentNullException(nameof(teacher), $"{objective} needs a teacher's scores.");
        Tensor loss = objective switch
        {
            Objective.Contrastive => InfoNce.Loss(queries, passages, temperature, sameAsPositive),
            Objective.MarginMse => MarginMse.Loss(queries, passages, Teacher(), temperature),
            Objective.KlDivergence => KlDistillation.Loss(queries, passages, Teacher(), temperature),
            Objective.ContrastiveAndKl => 0.5 * (InfoNce.Loss(queries, passages, temperature, sameAsPositive) + KlDistillation.Loss(queries, passages, Teacher(), temperature)),
            _ => throw new ArgumentOutOfRangeException(nameof(objective), objective, "Unknown objective."),
        };
        return loss.MoveToOuterDisposeScope();
    }
}
