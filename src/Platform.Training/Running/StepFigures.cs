namespace Platform.Training.Running;

/// <summary>The figures of one optimiser step, means over its batches.</summary>
/// <param name="Loss">The whole loss.</param>
/// <param name="Ranking">Without the regulariser.</param>
/// <param name="QueryFlops">Unweighted.</param>
/// <param name="PassageFlops">Unweighted.</param>
/// <param name="QueryTerms">Mean non-zeros.</param>
/// <param name="PassageTerms">Mean non-zeros.</param>
/// <param name="Tokens">Of all texts.</param>
internal readonly record struct StepFigures(
    double Loss, double Ranking, double QueryFlops, double PassageFlops, double QueryTerms, double PassageTerms, long Tokens)
{
    public StepFigures Plus(StepFigures other) => new(
        Loss + other.Loss, Ranking + other.Ranking, QueryFlops + other.QueryFlops, PassageFlops + other.PassageFlops,
        QueryTerms + other.QueryTerms, PassageTerms + other.PassageTerms, Tokens + other.Tokens);

    public StepFigures Over(int batches) => new(
        Loss / batches, Ranking / batches, QueryFlops / batches, PassageFlops / batches, QueryTerms / batches, PassageTerms / batches, Tokens);
}
