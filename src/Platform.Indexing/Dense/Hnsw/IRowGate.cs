namespace Platform.Indexing.Dense;

/// <summary>Which rows a traversal may return. It passes through the others all the same.</summary>
internal interface IRowGate
{
    /// <summary>Whether a row may be returned.</summary>
    bool Admits(int row);
}

/// <summary>All rows.</summary>
internal readonly struct OpenGate : IRowGate
{
    /// <inheritdoc/>
    public bool Admits(int row) => true;
}

/// <summary>The rows of documents that are not deleted and match a filter.</summary>
internal readonly ref struct ScopeGate(VectorRows rows, DenseScope scope) : IRowGate
{
    private readonly DenseScope _scope = scope;

    /// <inheritdoc/>
    public bool Admits(int row) => _scope.Contains(rows.DocIdOf(row));
}
