using static TorchSharp.torch;

namespace Platform.Training.Losses;

/// <summary>InfoNCE: cross-entropy of each query's positive against all passages of the step. van den Oord et al. 2018, arXiv:1807.03748.</summary>
internal static class InfoNce
{
    /// <summary>The mean over queries.</summary>
    /// <param name="queries">[B, d]</param>
    /// <param name="passages">[B(1+n), d], query by query, each one's positive first.</param>
    /// <param name="temperature">Divides the scores; above 0.</param>
    /// <param name="sameAsPositive">[B, B(1+n)] bool, true where a passage is the query's positive under another place, so that it is no
    /// negative; null for none.</param>
    /// <returns>A scalar; differentiable; the caller disposes it.</returns>
    public static Tensor Loss(Tensor queries, Tensor passages, double temperature, Tensor? sameAsPositive = null)
    {
        using var scope = NewDisposeScope();
        long group = passages.shape[0] / queries.shape[0];
        Tensor scores = Scores.OfAll(queries, passages, temperature);                               // [B, B(1+n)]
        if (sameAsPositive is not null)
        {
            scores = scores.masked_fill(sameAsPositive, double.NegativeInfinity);
        }

        Tensor positives = arange(queries.shape[0], dtype: ScalarType.Int64, device: queries.device) * group;     // [B]
        return nn.functional.cross_entropy(scores, positives).MoveToOuterDisposeScope();
    }
}
