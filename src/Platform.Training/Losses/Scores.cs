using static TorchSharp.torch;

namespace Platform.Training.Losses;

/// <summary>Inner products of queries and passages, divided by the temperature.</summary>
/// <remarks>B queries; passages lie query by query, its positive first, then its n negatives; d = width of a vector.</remarks>
internal static class Scores
{
    /// <summary>Every query with every passage, [B, B(1+n)]; the caller disposes it.</summary>
    /// <param name="queries">[B, d]</param>
    /// <param name="passages">[B(1+n), d]</param>
    /// <param name="temperature">Above 0.</param>
    public static Tensor OfAll(Tensor queries, Tensor passages, double temperature)
    {
        using var scope = NewDisposeScope();
        return (queries.matmul(passages.t()) / temperature).MoveToOuterDisposeScope();               // [B, B(1+n)]
    }

    /// <summary>Every query with its own passages, [B, 1+n]; the caller disposes it.</summary>
    /// <inheritdoc cref="OfAll"/>
    public static Tensor OfOwn(Tensor queries, Tensor passages, double temperature)
    {
        using var scope = NewDisposeScope();
        Tensor own = passages.view(queries.shape[0], -1, queries.shape[1]);                         // [B, 1+n, d]
        return ((own * queries.unsqueeze(1)).sum(2) / temperature).MoveToOuterDisposeScope();       // [B, 1+n]
    }
}
