using System.Text;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>The part of a text that holds the most words of a query, for showing; it has no say in any ranking.</summary>
internal static class Snippet
{
    private const int MinStem = 3;

    private static readonly string[] Endings = ["ing", "ed", "es", "s"];

    /// <summary>Cuts the text and marks the words that look like the query's.</summary>
    /// <param name="text">The document's text.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="maxLength">The most characters, marks not counted.</param>
    /// <returns>Markup for a console.</returns>
    public static string Of(string text, string query, int maxLength)
    {
        string[] stems = [.. Words(query).Select(word => Stem(query[word])).Distinct(StringComparer.OrdinalIgnoreCase)];
        Range[] words = [.. Words(text)];
        Range[] matches = [.. words.Where(word => Matches(text.AsSpan()[word], stems))];
        int start = BestStart(words, matches, maxLength);
        int end = End(text, words, start, maxLength);

        var marked = new StringBuilder(start > 0 ? "…" : "");
        int written = start;
        foreach (Range match in matches.Where(match => match.Start.Value >= start && match.End.Value <= end))
        {
            marked.Append(Plain(text[written..match.Start.Value])).Append("[bold]").Append(Plain(text[match])).Append("[/]");
            written = match.End.Value;
        }

        return marked.Append(Plain(text[written..end])).Append(end < text.Length ? "…" : "").ToString();
    }

    /// <summary>The beginning of the window with the most matches; the earliest of equals.</summary>
    private static int BestStart(Range[] words, Range[] matches, int maxLength)
    {
        int best = 0;
        int most = matches.Count(match => match.End.Value <= maxLength);
        foreach (Range match in matches)
        {
            // A little of what stands before makes a match readable.
            int from = words.Select(word => word.Start.Value).FirstOrDefault(start => start >= match.Start.Value - (maxLength / 4));
            int within = matches.Count(other => other.Start.Value >= from && other.End.Value <= from + maxLength);
            if (within > most)
            {
                (best, most) = (from, within);
            }
        }

        return best;
    }

    private static int End(string text, Range[] words, int start, int maxLength) => text.Length - start <= maxLength
        ? text.Length
        : words.Select(word => word.End.Value).LastOrDefault(end => end > start && end <= start + maxLength, start + maxLength);

    private static bool Matches(ReadOnlySpan<char> word, string[] stems)
    {
        foreach (string stem in stems)
        {
            if (word.StartsWith(stem, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Drops a usual ending, so that "wings" marks "wing".</summary>
    private static string Stem(string word)
    {
        string? ending = Endings.FirstOrDefault(
            suffix => word.Length >= MinStem + suffix.Length && word.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        return ending is null ? word : word[..^ending.Length];
    }

    private static IEnumerable<Range> Words(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                yield return start..i;
                start = -1;
            }
        }
    }

    private static string Plain(string text) => Markup.Escape(text.ReplaceLineEndings(" "));
}
