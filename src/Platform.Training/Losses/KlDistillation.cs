using static TorchSharp.torch;

namespace Platform.Training.Losses;

/// <summary>KL(teacher || student) between the softmaxes of a query's own 1+n scores. Hinton et al. 2015, arXiv:1503.02531.</summary>
internal static class KlDistillation
{
    /// <summary>The mean over queries.</summary>
    /// <param name="queries">[B, d]</param>
    /// <param name="passages">[B(1+n), d], query by query.</param>
    /// <param name="teacher">[B, 1+n], the teacher's raw scores in the same order.</param>
    /// <param name="temperature">Divides the student's scores, not the teacher's; above 0.</param>
    /// <returns>A scalar; differentiable; the caller disposes it.</returns>
    public static Tensor Loss(Tensor queries, Tensor passages, Tensor teacher, double temperature)
    {
        using var scope = NewDisposeScope();
        Tensor student = Scores.OfOwn(queries, passages, temperature).log_softmax(1);               // [B, 1+n]
        Tensor target = teacher.log_softmax(1);                                                     // [B, 1+n]
        return (target.exp() * (target - student)).sum(1).mean().MoveToOuterDisposeScope();
    }
}
