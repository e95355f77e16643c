using Platform.Abstractions;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Which legs a search of an index has: what the query gives, and what the index can do with it.</summary>
internal static class SearchLegs
{
    /// <summary>One leg; or two, the lexical or sparse one first.</summary>
    /// <exception cref="PlatformException">The index can't do what is asked, or the query lacks what a leg needs.</exception>
    public static IReadOnlyList<SearchMode> Of(SearchCall search, IndexDefinition index)
    {
        SearchMode mode = search.Mode == SearchMode.Inferred ? Infer(search, index) : search.Mode;
        if (mode == SearchMode.Hybrid)
        {
            SearchMode first = search.Sparse is not null ? SearchMode.Sparse : TextLeg(index);
            if (first == SearchMode.Dense)
            {
                throw Mismatch($"Index '{index.Name}' has only dense vectors of its text, so a hybrid search of it needs a sparse vector. Give one, or search with mode dense.");
            }

            Check(first, search, index);
            Check(SearchMode.Dense, search, index);
            return [first, SearchMode.Dense];
        }

        Check(mode, search, index);
        return search.Pruning is null || mode != SearchMode.Dense
            ? [mode]
            : throw new PlatformException(FaultKind.Invalid, "Member 'pruning' is given with a dense query, which is always exact. Leave it out, or search by a sparse vector.");
    }

    private static SearchMode Infer(SearchCall search, IndexDefinition index) => search switch
    {
        { Dense: not null, Text: null, Sparse: null } => SearchMode.Dense,
        { Dense: not null } => SearchMode.Hybrid,
        { Sparse: not null } => SearchMode.Sparse,
        _ => TextLeg(index),
    };

    /// <summary>What the index makes of a text unless it is told otherwise.</summary>
    private static SearchMode TextLeg(IndexDefinition index) => index switch
    {
        { Encoder: NewIndexRules.Lexical } => SearchMode.Lexical,
        { Model.IsSparse: true } => SearchMode.Sparse,
        { Dense.Encoder: not null } => SearchMode.Dense,
        _ => throw Mismatch($"Index '{index.Name}' has no encoder for text. Search it by a vector, or create an index with encoder lexical."),
    };

    private static void Check(SearchMode leg, SearchCall search, IndexDefinition index)
    {
        switch (leg)
        {
            case SearchMode.Lexical when index.Encoder != NewIndexRules.Lexical:
                throw Mismatch($"Index '{index.Name}' has encoder {index.Encoder}, which makes no words of a text. Leave mode lexical out, or create an index with encoder lexical.");
            case SearchMode.Lexical when search.Text is null:
                throw Missing("A lexical search needs member 'text'.");
            case SearchMode.Sparse when search.Sparse is null && index.Model is not { IsSparse: true }:
                throw Mismatch($"Index '{index.Name}' has encoder {index.Encoder}, which makes no sparse vector of a text. Give member 'sparse', or create an index with a sparse model as its encoder.");
            case SearchMode.Sparse when search is { Sparse: null, Text: null }:
                throw Missing("A sparse search needs member 'sparse' or 'text'.");
            case SearchMode.Dense when index.Dense is null:
                throw Mismatch($"Index '{index.Name}' keeps no dense vectors. Create an index with dense.dimensions or a dense encoder.");
            case SearchMode.Dense when search.Dense is null && index.Dense.Encoder is null:
                throw Mismatch($"Index '{index.Name}' has no encoder that makes a dense vector of a text. Give member 'dense', or create an index with dense.encoder.");
            case SearchMode.Dense when search is { Dense: null, Text: null }:
                throw Missing("A dense search needs member 'dense' or 'text'.");
        }
    }

    private static PlatformException Mismatch(string message) => new(FaultKind.EncoderMismatch, message);

    private static PlatformException Missing(string message) => new(FaultKind.Invalid, message);
}
