namespace Platform.Indexing.Dense;

/// <summary>Inner products by stored vectors: the twin of <see cref="CodeScorer"/>, with more bytes and no error.</summary>
internal readonly unsafe struct VectorScorer<TReader>(VectorRows rows, DenseQuery query) : IRowScorer
    where TReader : struct, IRowReader
{
    /// <inheritdoc/>
    public void Score(RowBatch batch) => batch.MultiplyRows<TReader>(rows, query.Values);
}
