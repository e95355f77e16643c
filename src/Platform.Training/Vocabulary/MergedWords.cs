using System.Runtime.InteropServices;

namespace Platform.Training.Vocabulary;

/// <summary>Distinct pieces as sequences of tokens, with the counts of neighbouring pairs kept up to date while pairs merge.</summary>
/// <remarks>The queue holds each pair with the count it had when it was put there; a stale entry is put back with its count of now.</remarks>
internal sealed class MergedWords
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<(int, int), long> _pairCounts = [];
    private readonly Dictionary<(int, int), HashSet<int>> _wordsOfPair = [];
    private readonly PriorityQueue<(int, int), (long, int, int)> _queue = new();
    private readonly HashSet<(int, int)> _ignored = [];

    /// <param name="words">Bytes and count of each piece, in a fixed order.</param>
    public MergedWords(IEnumerable<(byte[] Bytes, long Count)> words)
    {
        foreach ((byte[] bytes, long count) in words)
        {
            _words.Add(Array.ConvertAll(bytes, value => (int)value));
            _counts.Add(count);
            Count(_words.Count - 1, add: true, touched: null);
        }

        foreach ((int, int) pair in _pairCounts.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>The most frequent pair, lowest ids first among equals; null when none occurs twice.</summary>
    public (int Left, int Right)? MostFrequentPair()
    {
        while (_queue.TryDequeue(out (int, int) pair, out (long Count, int, int) priority))
        {
            long now = _pairCounts.GetValueOrDefault(pair);
            if (now < 2 || _ignored.Contains(pair))
            {
                continue;
            }

            if (now == -priority.Count)
            {
                return pair;
            }

            Enqueue(pair);
        }

        return null;
    }

    /// <summary>Puts one token in the place of a pair, everywhere, from left to right.</summary>
    public void Merge(int left, int right, int token)
    {
        HashSet<(int, int)> touched = [];
        foreach (int word in _wordsOfPair[(left, right)].Order().ToArray())
        {
            Count(word, add: false, touched);
            _words[word] = Merged(_words[word], left, right, token);
            Count(word, add: true, touched);
        }

        foreach ((int, int) pair in touched)
        {
            Enqueue(pair);
        }
    }

    /// <summary>Never gives this pair again.</summary>
    public void Ignore(int left, int right) => _ignored.Add((left, right));

    private static int[] Merged(int[] word, int left, int right, int token)
    {
        List<int> result = new(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            bool here = word[i] == left && i + 1 < word.Length && word[i + 1] == right;
            result.Add(here ? token : word[i]);
            i += here ? 1 : 0;
        }

        return [.. result];
    }

    private void Count(int word, bool add, HashSet<(int, int)>? touched)
    {
        int[] tokens = _words[word];
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            (int, int) pair = (tokens[i], tokens[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _) += add ? _counts[word] : -_counts[word];
            ref HashSet<int>? words = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsOfPair, pair, out _);
            words ??= [];
            _ = add ? words.Add(word) : words.Remove(word);
            _ = touched?.Add(pair);
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        if (_pairCounts[pair] >= 2)
        {
            _queue.Enqueue(pair, (-_pairCounts[pair], pair.Left, pair.Right));
        }
    }
}
