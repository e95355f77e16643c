using static TorchSharp.torch;

namespace Platform.Training.Losses;

/// <summary>Margin-MSE: the student's margin of positive over negative should be the teacher's. Hofstätter et al. 2020, arXiv:2010.02666.</summary>
internal static class MarginMse
{
    /// <summary>The mean over queries of ((s+ - s-)/T - (t+ - t-))².</summary>
    /// <param name="queries">[B, d]</param>
    /// <param name="passages">[2B, d]: each query's positive, then one negative.</param>
    /// <param name="teacher">[B, 2], the teacher's raw scores in the same order.</param>
    /// <param name="temperature">Divides the student's scores; above 0.</param>
    /// <returns>A scalar; differentiable; the caller disposes it.</returns>
    public static Tensor Loss(Tensor queries, Tensor passages, Tensor teacher, double temperature)
    {
        using var scope = NewDisposeScope();
        Tensor student = Scores.OfOwn(queries, passages, temperature);                              // [B, 2]
        return (Margin(student) - Margin(teacher)).square().mean().MoveToOuterDisposeScope();
    }

    private static Tensor Margin(Tensor scores) => scores.select(1, 0) - scores.select(1, 1);       // [B]
}
