namespace Platform.Indexing.Fields;

/// <summary>One field of all documents of a segment.</summary>
internal abstract class FieldColumn(string name)
{
    /// <summary>The field.</summary>
    public string Name { get; } = name;

    /// <summary>Sets the bit of every document that has a value.</summary>
    public abstract void MarkPresent(Span<ulong> documents);
}

/// <summary>Words: the different ones, and for each document which of them it has.</summary>
internal abstract class KeywordColumn(string name) : FieldColumn(name)
{
    /// <summary>Different words.</summary>
    public abstract int TermCount { get; }

    /// <summary>Where each document's words begin in <see cref="Ordinals"/>, and where the last one's end; documents beyond have none.</summary>
    public abstract ReadOnlySpan<int> Starts { get; }

    /// <summary>The words of the documents, one document after the other.</summary>
    public abstract ReadOnlySpan<int> Ordinals { get; }

    /// <summary>A word, UTF-8.</summary>
    public abstract ReadOnlySpan<byte> Term(int ordinal);

    /// <summary>A word's number; -1 if no document has it.</summary>
    public abstract int Find(ReadOnlySpan<byte> term);

    /// <summary>Sets the bit of every word that begins with a prefix.</summary>
    public abstract void MarkPrefixed(ReadOnlySpan<byte> prefix, Span<ulong> terms);

    /// <summary>The words of one document.</summary>
    public ReadOnlySpan<int> OrdinalsOf(int docId)
    {
        ReadOnlySpan<int> starts = Starts;
        return docId + 1 < starts.Length ? Ordinals[starts[docId]..starts[docId + 1]] : [];
    }

    /// <summary>Sets the bit of every document that has one of some words.</summary>
    /// <param name="terms">One bit a word.</param>
    /// <param name="documents">One bit a document.</param>
    public void MarkAny(ReadOnlySpan<ulong> terms, Span<ulong> documents)
    {
        ReadOnlySpan<int> starts = Starts;
        ReadOnlySpan<int> ordinals = Ordinals;
        for (int docId = 0; docId + 1 < starts.Length; docId++)
        {
            for (int i = starts[docId]; i < starts[docId + 1]; i++)
            {
                int ordinal = ordinals[i];
                if ((terms[ordinal >> 6] >> ordinal & 1) != 0)
                {
                    documents[docId >> 6] |= 1UL << docId;
                    break;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void MarkPresent(Span<ulong> documents)
    {
        ReadOnlySpan<int> starts = Starts;
        for (int docId = 0; docId + 1 < starts.Length; docId++)
        {
            if (starts[docId] < starts[docId + 1])
            {
                documents[docId >> 6] |= 1UL << docId;
            }
        }
    }
}

/// <summary>Integers, at most one a document.</summary>
internal abstract class ScalarColumn(string name) : FieldColumn(name)
{
    /// <summary>One bit a document, set where it has a value; words that are missing are 0.</summary>
    public abstract ReadOnlySpan<ulong> Present { get; }

    /// <summary>A document's value; anything where it has none.</summary>
    public abstract long At(int docId);

    /// <summary>Whether a document has a value.</summary>
    public bool Has(int docId)
    {
        ReadOnlySpan<ulong> present = Present;
        return docId >> 6 < present.Length && (present[docId >> 6] >> docId & 1) != 0;
    }

    /// <summary>Sets the bit of every document whose value lies between two, both included.</summary>
    public void MarkBetween(long low, long high, Span<ulong> documents)
    {
        ReadOnlySpan<ulong> present = Present;
        for (int word = 0; word < present.Length; word++)
        {
            for (ulong left = present[word]; left != 0; left &= left - 1)
            {
                long value = At((word << 6) + System.Numerics.BitOperations.TrailingZeroCount(left));
                if (value >= low && value <= high)
                {
                    documents[word] |= left & (0 - left);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void MarkPresent(Span<ulong> documents)
    {
        ReadOnlySpan<ulong> present = Present;
        for (int word = 0; word < Math.Min(present.Length, documents.Length); word++)      // a growing column has words for documents to come
        {
            documents[word] |= present[word];
        }
    }
}
