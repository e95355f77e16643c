namespace Platform.Indexing.Dense;

/// <summary>What a traversal maximises. A struct, so that each traversal is compiled for its own.</summary>
internal interface IRowScorer
{
    /// <summary>Fills <see cref="RowBatch.Scores"/> for the rows of a batch.</summary>
    /// <exception cref="DenseFormatException">A row is damaged.</exception>
    void Score(RowBatch batch);
}
