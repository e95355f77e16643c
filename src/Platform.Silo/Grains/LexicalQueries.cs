using Platform.Abstractions.Records;
using Platform.Indexing.Lexical;

namespace Platform.Silo.Grains;

/// <summary>A lexical query from the wire's words to the index's.</summary>
internal static class LexicalQueries
{
    /// <summary>The same query.</summary>
    public static LexicalQuery Of(LexicalQueryTerms terms) => new(terms.Terms, terms.Weights, terms.AverageLength, terms.K1, terms.B);
}
