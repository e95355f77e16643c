namespace Platform.Indexing.Dense;

/// <summary>Inner products by codes: the measure of a query on its way through the graph.</summary>
internal readonly unsafe struct CodeScorer(VectorRows rows, DenseQuery query) : IRowScorer
{
    /// <inheritdoc/>
    public void Score(RowBatch batch)
    {
        batch.MultiplyCodes(rows, query.Code);
        float scale = query.Scale;
        for (int i = 0; i < batch.Count; i++)
        {
            batch.Scores[i] = batch.Products[i] * (batch.Scales[i] * scale);
        }
    }
}
