using Lucene.Net.Analysis;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;

namespace Platform.Encoders.Text;

/// <summary>Turns text into the terms that BM25 counts: Lucene's English analysis.</summary>
/// <remarks>
/// Unicode word segmentation (UAX 29), possessive 's removed, lower case, Lucene's 33 English stop words removed, Porter's stemmer
/// (Porter 1980, doi:10.1108/eb046814): the analysis of the published BM25 baselines of BEIR. Safe for any number of threads.
/// </remarks>
public sealed class LexicalAnalyzer : IDisposable
{
    private readonly EnglishAnalyzer _analyzer = new(LuceneVersion.LUCENE_48);

    /// <summary>The terms in the order of the text, repeats included; empty if nothing but stop words and punctuation is there.</summary>
    public IReadOnlyList<string> Analyze(string text)
    {
        List<string> terms = [];
        using TokenStream tokens = _analyzer.GetTokenStream("text", text);
        ICharTermAttribute term = tokens.GetAttribute<ICharTermAttribute>();
        tokens.Reset();
        while (tokens.IncrementToken())
        {
            terms.Add(term.ToString()!);
        }

        tokens.End();
        return terms;
    }

    /// <inheritdoc/>
    public void Dispose() => _analyzer.Dispose();
}
