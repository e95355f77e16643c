using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Abstractions.Records;
using Platform.Encoders.Text;

namespace Platform.Silo.Grains;

/// <summary>Cuts the places out of a hit's title and text where its matched terms stand.</summary>
/// <remarks>
/// A word is marked if its analysed form is a matched term: as BM25 counts it, or, for the terms of a model, if the word begins with the term's text.
/// Terms that a model has added to a document stand nowhere in it.
/// </remarks>
internal static class Highlighter
{
    /// <summary>The most characters of a title or text that are looked at.</summary>
    private const int MostCharacters = 200_000;

    /// <summary>Gives each hit its fragments, and takes away again what was fetched for them only.</summary>
    public static SearchAnswer Fill(SearchAnswer answer, SearchCall search, bool areWords, LexicalAnalyzer analyzer) => answer with
    {
        Hits =
        [
            .. answer.Hits.Select(hit => hit with
            {
                Highlights = hit is { Stored: { } stored, Matches: { } matches } ? Of(stored, matches, areWords, search.Highlight!, analyzer) : [],
                Stored = search.WithStored ? hit.Stored : null,
                Matches = search.Explain ? hit.Matches : null,
            }),
        ],
    };

    /// <summary>A hit's fragments: those of the title, then those of the text, in their order there; each with the places of its marks.</summary>
    /// <param name="stored">The stored JSON object.</param>
    /// <param name="matches">The terms that matched.</param>
    /// <param name="areWords">Whether they are analysed words; else texts of a model's terms.</param>
    /// <param name="wanted">How many and how long.</param>
    /// <param name="analyzer">Finds the words.</param>
    public static Highlight[] Of(ReadOnlySpan<byte> stored, TermMatch[] matches, bool areWords, HighlightWanted wanted, LexicalAnalyzer analyzer)
    {
        (string? title, string? text) = Read(stored);
        string[] terms = [.. matches.Select(match => areWords ? match.Term : match.Term.Trim().Trim('Ġ', '▁', '#').ToLowerInvariant()).Where(term => term.Length > 0)];
        return [.. Fragments("title", title, terms, areWords, wanted, analyzer), .. Fragments("text", text, terms, areWords, wanted, analyzer)];
    }

    private static IEnumerable<Highlight> Fragments(string field, string? text, string[] terms, bool areWords, HighlightWanted wanted, LexicalAnalyzer analyzer)
    {
        if (string.IsNullOrEmpty(text) || terms.Length == 0 || wanted.Fragments == 0)
        {
            return [];
        }

        Mark[] marks = [.. analyzer.Words(text.Length > MostCharacters ? text[..MostCharacters] : text, stem: areWords)
            .Where(word => areWords ? terms.Contains(word.Term, StringComparer.Ordinal) : terms.Any(term => word.Term.StartsWith(term, StringComparison.Ordinal)))
            .Select(word => new Mark(word.Term, word.Start, word.Length))];
        return Choose(marks, wanted).OrderBy(window => window.Start).Select(window => Cut(field, text, marks, window, wanted.Length));
    }

    /// <summary>The windows with the most different words; of equal ones the earlier. They share no mark.</summary>
    private static List<Window> Choose(Mark[] marks, HighlightWanted wanted)
    {
        List<Window> candidates = [];
        for (int first = 0; first < marks.Length; first++)
        {
            int last = first;
            while (last + 1 < marks.Length && marks[last + 1].Start + marks[last + 1].Length - marks[first].Start <= wanted.Length)
            {
                last++;
            }

            candidates.Add(new Window(marks[first].Start, first, last, marks[first..(last + 1)].Select(mark => mark.Term).Distinct(StringComparer.Ordinal).Count()));
        }

        List<Window> chosen = [];
        foreach (Window candidate in candidates.OrderByDescending(window => window.Words).ThenBy(window => window.Start))
        {
            if (chosen.Count < wanted.Fragments && chosen.TrueForAll(other => candidate.Last < other.First || candidate.First > other.Last))
            {
                chosen.Add(candidate);
            }
        }

        return chosen;
    }

    /// <summary>The window with what stands around it, cut between words where there is a space near.</summary>
    private static Highlight Cut(string field, string text, Mark[] marks, Window window, int length)
    {
        int end = marks[window.Last].Start + marks[window.Last].Length;
        int spare = Math.Max(0, length - (end - window.Start)) / 2;
        int from = Math.Max(0, window.Start - spare);
        int to = Math.Min(text.Length, end + spare);
        int space = from == 0 ? -1 : text.IndexOf(' ', from, window.Start - from);
        from = space >= 0 ? space + 1 : from;
        space = to == text.Length ? -1 : text.LastIndexOf(' ', to - 1, to - end);
        to = space > end ? space : to;
        from += from > 0 && char.IsLowSurrogate(text[from]) ? 1 : 0;
        to -= to < text.Length && char.IsLowSurrogate(text[to]) ? 1 : 0;
        return new Highlight(
            field,
            text[from..to],
            [.. marks.Where(mark => mark.Start >= from && mark.Start + mark.Length <= to).SelectMany(mark => (int[])[mark.Start - from, mark.Length])]);
    }

    private static (string? Title, string? Text) Read(ReadOnlySpan<byte> stored)
    {
        string? title = null;
        string? text = null;
        var reader = new Utf8JsonReader(stored);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
            {
                bool isTitle = reader.ValueTextEquals("title"u8);
                bool isText = reader.ValueTextEquals("text"u8);
                reader.Read();
                if ((isTitle || isText) && reader.TokenType == JsonTokenType.String)
                {
                    (title, text) = isTitle ? (reader.GetString(), text) : (title, reader.GetString());
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return (title, text);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(string Term, int Start, int Length);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Window(int Start, int First, int Last, int Words);
}
