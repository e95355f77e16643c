using System.Text;

namespace Platform.Indexing.Fields;

/// <summary>Turns a filter into the set of a segment's documents that match it, deleted ones included: one pass over each column that it names.</summary>
internal static class FilterEvaluation
{
    /// <summary>One bit a document.</summary>
    public static ulong[] Evaluate(FieldFilter filter, FieldColumns columns, int documents)
    {
        ulong[] matches = new ulong[(documents + 63) / 64];
        switch (filter)
        {
            case FieldFilter.Every and:
                Fill(matches, documents);
                foreach (FieldFilter child in and.All)
                {
                    Intersect(matches, Evaluate(child, columns, documents));
                }

                break;
            case FieldFilter.Some or:
                foreach (FieldFilter child in or.Any)
                {
                    Unite(matches, Evaluate(child, columns, documents));
                }

                break;
            case FieldFilter.Except not:
                Fill(matches, documents);
                Subtract(matches, Evaluate(not.Other, columns, documents));
                break;
            default:
                Mark(filter, columns, matches);
                break;
        }

        return matches;
    }

    /// <summary>Sets the bit of every document.</summary>
    public static void Fill(Span<ulong> matches, int documents)
    {
        matches.Fill(ulong.MaxValue);
        if (documents % 64 != 0)
        {
            matches[^1] = (1UL << (documents % 64)) - 1;
        }
    }

    private static void Mark(FieldFilter filter, FieldColumns columns, ulong[] matches)
    {
        switch (filter)
        {
            case FieldFilter.AnyOf any when columns.Keywords.TryGetValue(any.Field, out KeywordColumn? words):
                MarkWords(words, matches, terms =>
                {
                    foreach (string word in any.Words)
                    {
                        int ordinal = words.Find(Encoding.UTF8.GetBytes(word));
                        if (ordinal >= 0)
                        {
                            terms[ordinal >> 6] |= 1UL << ordinal;
                        }
                    }
                });
                break;
            case FieldFilter.Prefix prefix when columns.Keywords.TryGetValue(prefix.Field, out KeywordColumn? words):
                MarkWords(words, matches, terms => words.MarkPrefixed(Encoding.UTF8.GetBytes(prefix.Start), terms));
                break;
            case FieldFilter.OneOf one when columns.Scalars.TryGetValue(one.Field, out ScalarColumn? scalars):
                foreach (long value in one.Values)
                {
                    scalars.MarkBetween(value, value, matches);
                }

                break;
            case FieldFilter.Between between when columns.Scalars.TryGetValue(between.Field, out ScalarColumn? scalars):
                scalars.MarkBetween(between.Low, between.High, matches);
                break;
            case FieldFilter.Exists { Kind: FieldKind.Keywords } exists when columns.Keywords.TryGetValue(exists.Field, out KeywordColumn? words):
                words.MarkPresent(matches);
                break;
            case FieldFilter.Exists { Kind: FieldKind.Scalar } exists when columns.Scalars.TryGetValue(exists.Field, out ScalarColumn? scalars):
                scalars.MarkPresent(matches);
                break;
        }
    }

    private static void MarkWords(KeywordColumn words, ulong[] matches, Action<ulong[]> choose)
    {
        ulong[] terms = new ulong[(words.TermCount + 63) / 64];
        choose(terms);
        if (terms.AsSpan().ContainsAnyExcept(0UL))
        {
            words.MarkAny(terms, matches);
        }
    }

    private static void Intersect(Span<ulong> matches, ReadOnlySpan<ulong> others)
    {
        for (int word = 0; word < matches.Length; word++)
        {
            matches[word] &= others[word];
        }
    }

    private static void Unite(Span<ulong> matches, ReadOnlySpan<ulong> others)
    {
        for (int word = 0; word < matches.Length; word++)
        {
            matches[word] |= others[word];
        }
    }

    private static void Subtract(Span<ulong> matches, ReadOnlySpan<ulong> others)
    {
        for (int word = 0; word < matches.Length; word++)
        {
            matches[word] &= ~others[word];
        }
    }
}
