using System.Runtime.InteropServices;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Snowball;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Tartarus.Snowball.Ext;
using Lucene.Net.Util;

namespace Platform.Encoders.Text;

/// <summary>Turns text into the terms that BM25 counts: Lucene's English analysis with Porter's stemmer as published.</summary>
/// <remarks>
/// Unicode word segmentation (UAX 29), possessive 's removed, lower case, Lucene's 33 English stop words removed, then Porter 1980
/// (doi:10.1108/eb046814) in Snowball's rendering. Lucene's own PorterStemFilter differs from the paper in two rules (it leaves words of
/// two letters alone and turns -logi into -log). Safe for any number of threads.
/// </remarks>
public sealed class LexicalAnalyzer : IDisposable
{
    private const LuceneVersion Version = LuceneVersion.LUCENE_48;

    private readonly Analyzer _analyzer = Analyzer.NewAnonymous((_, reader) =>
    {
        var words = new StandardTokenizer(Version, reader);
        TokenStream kept = new EnglishPossessiveFilter(Version, words);
        kept = new LowerCaseFilter(Version, kept);
        kept = new StopFilter(Version, kept, EnglishAnalyzer.DefaultStopSet);
        return new TokenStreamComponents(words, new SnowballFilter(kept, new PorterStemmer()));
    });

    private readonly Analyzer _plain = Analyzer.NewAnonymous((_, reader) =>
    {
        var words = new StandardTokenizer(Version, reader);
        return new TokenStreamComponents(words, new LowerCaseFilter(Version, words));
    });

    /// <summary>The words of a text with their places.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stem">Whether a word's form is the term that <see cref="Analyze"/> gives; else it is the word in lower case, and stop words are there.</param>
    public IReadOnlyList<AnalyzedWord> Words(string text, bool stem)
    {
        List<AnalyzedWord> found = [];
        using TokenStream tokens = (stem ? _analyzer : _plain).GetTokenStream("text", text);
        ICharTermAttribute term = tokens.GetAttribute<ICharTermAttribute>();
        IOffsetAttribute place = tokens.GetAttribute<IOffsetAttribute>();
        tokens.Reset();
        while (tokens.IncrementToken())
        {
            found.Add(new AnalyzedWord(term.ToString()!, place.StartOffset, place.EndOffset - place.StartOffset));
        }

        tokens.End();
        return found;
    }

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
    public void Dispose()
    {
        _analyzer.Dispose();
        _plain.Dispose();
    }
}

/// <summary>A word of a text.</summary>
/// <param name="Term">Its form.</param>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
/// <param name="Length">How long it is there.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AnalyzedWord(string Term, int Start, int Length);
