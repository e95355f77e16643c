using System.Numerics;

namespace Platform.Indexing.Fields;

/// <summary>The documents of a segment that match a filter, deleted ones included.</summary>
/// <remarks>Immutable to its readers, so that any number of threads may share it.</remarks>
internal sealed class FilterMatches
{
    private readonly ulong[] _allowed;
    private Excluded? _excluded;

    /// <summary>Takes a set.</summary>
    /// <param name="allowed">One bit a document; kept.</param>
    public FilterMatches(ulong[] allowed)
    {
        _allowed = allowed;
        foreach (ulong word in allowed)
        {
            Count += BitOperations.PopCount(word);
        }
    }

    /// <summary>One bit a document, set where it matches.</summary>
    public ReadOnlySpan<ulong> Allowed => _allowed;

    /// <summary>How many match.</summary>
    public int Count { get; }

    /// <summary>One bit a document, set where it does not match or is deleted, and set beyond the last document.</summary>
    /// <param name="deleted">The deleted documents; bits are only ever added to it.</param>
    /// <param name="deletedCount">How many they are.</param>
    public ReadOnlySpan<ulong> ExcludedWith(ReadOnlySpan<ulong> deleted, int deletedCount)
    {
        Excluded? known = Volatile.Read(ref _excluded);
        if (known?.DeletedCount != deletedCount)
        {
            ulong[] words = new ulong[_allowed.Length];
            for (int word = 0; word < words.Length; word++)
            {
                words[word] = ~_allowed[word] | (word < deleted.Length ? deleted[word] : 0);
            }

            known = new Excluded(words, deletedCount);
            Volatile.Write(ref _excluded, known);
        }

        return known.Words;
    }

    /// <summary>How many match and are not deleted.</summary>
    public int LiveCount(ReadOnlySpan<ulong> deleted)
    {
        int count = 0;
        for (int word = 0; word < _allowed.Length; word++)
        {
            count += BitOperations.PopCount(_allowed[word] & ~(word < deleted.Length ? deleted[word] : 0));
        }

        return count;
    }

    private sealed record Excluded(ulong[] Words, int DeletedCount);
}
