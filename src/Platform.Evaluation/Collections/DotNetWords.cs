using System.Text;

namespace Platform.Evaluation.Collections;

/// <summary>The words of a signature: its names, and what a name in camel case is composed of.</summary>
/// <remarks>Tokenisers by Unicode's rules (UAX 29), Lucene's for one, keep <c>System.String.Substring</c> as one
/// word, which no query has.</remarks>
internal static class DotNetWords
{
    /// <summary>Returns the words of the name, without parameters: <c>System IO FileStream File Stream</c>.</summary>
    public static string OfName(string signature)
    {
        int end = signature.AsSpan().IndexOfAny('(', '[');
        ReadOnlySpan<char> name = end < 0 ? signature : signature.AsSpan(0, end);
        StringBuilder words = new();
        while (!name.IsEmpty)
        {
            int length = 0;
            while (length < name.Length && char.IsLetterOrDigit(name[length]))
            {
                length++;
            }

            AppendIdentifier(words, name[..length]);
            name = name[Math.Min(length + 1, name.Length)..];
        }

        return words.ToString();
    }

    private static void AppendIdentifier(StringBuilder words, ReadOnlySpan<char> identifier)
    {
        Append(words, identifier);
        int start = 0;
        for (int i = 1; i <= identifier.Length; i++)
        {
            bool wholeIdentifier = start == 0 && i == identifier.Length;
            if ((i == identifier.Length || StartsWord(identifier, i)) && !wholeIdentifier)
            {
                Append(words, identifier[start..i]);
                start = i;
            }
        }
    }

    /// <summary>A capital after a small letter or digit, or the last capital of a run before a small letter.</summary>
    private static bool StartsWord(ReadOnlySpan<char> identifier, int i) =>
        char.IsUpper(identifier[i])
        && (!char.IsUpper(identifier[i - 1]) || (i + 1 < identifier.Length && char.IsLower(identifier[i + 1])));

    private static void Append(StringBuilder words, ReadOnlySpan<char> word)
    {
        if (!word.IsEmpty)
        {
            words.Append(words.Length == 0 ? "" : " ").Append(word);
        }
    }
}
