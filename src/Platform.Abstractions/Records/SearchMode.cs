namespace Platform.Abstractions.Records;

/// <summary>Which legs a search has.</summary>
[GenerateSerializer, Alias("search-mode")]
public enum SearchMode
{
    /// <summary>What the query gives: two legs if it gives a dense vector beside a text or a sparse one, else the one; a text alone is for the index's encoder.</summary>
    Inferred,

    /// <summary>BM25 of a text.</summary>
    Lexical,

    /// <summary>A sparse vector, given or of the text.</summary>
    Sparse,

    /// <summary>A dense vector, given or of the text.</summary>
    Dense,

    /// <summary>Lexical or sparse, and dense; the two lists are fused.</summary>
    Hybrid,
}
