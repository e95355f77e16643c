namespace Platform.Indexing.Dense;

/// <summary>
/// Chooses a row's neighbours out of candidates: the nearest first, and none that lies nearer to one chosen before than to the row,
/// so that links go in all directions. Malkov and Yashunin 2018, arXiv:1603.09320, algorithm 4, without filling up.
/// </summary>
/// <remarks>
/// Of equal vectors at most half the places are taken, by a hash of the pair: the rest of the links leads out of a heap of
/// duplicates, and the duplicates among themselves are a random graph instead of a chain. Reused; not thread-safe.
/// </remarks>
internal sealed unsafe class NeighbourSelection(VectorRows rows, float[] penalties)
{
    private readonly RowBatch _batch = new();
    private readonly sbyte[] _code = GC.AllocateArray<sbyte>(2 * rows.Layout.CodeBytes, pinned: true);
    private readonly int[] _chosen = new int[RowBatch.Capacity];

    /// <summary>Chooses at most so many neighbours.</summary>
    /// <param name="row">Whose.</param>
    /// <param name="candidates">Other rows, best first by <see cref="NearnessScorer"/>; may be reordered at equal scores.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The neighbours, nearest first; valid until the next call.</returns>
    public ReadOnlySpan<int> Select(int row, Span<ulong> candidates, int most)
    {
        ShuffleEqual(row, candidates, most);
        int count = 0;
        int duplicates = 0;
        foreach (ulong key in candidates)
        {
            int candidate = RowKey.RowOf(key);
            if (count == most)
            {
                break;
            }

            NearnessScorer scorer = NearnessScorer.To(rows, penalties, candidate, _code);
            float nearness = Nearness(scorer, row);
            if (NearnessScorer.IsEqual(scorer.ProductOf(_batch, 0), penalties[candidate], penalties[row]))
            {
                if (duplicates < Math.Max(1, most / 2))
                {
                    duplicates++;
                    _chosen[count++] = candidate;
                }
            }
            else if (!IsNearerToChosen(scorer, nearness, count))
            {
                _chosen[count++] = candidate;
            }
        }

        return _chosen.AsSpan(0, count);
    }

    private bool IsNearerToChosen(in NearnessScorer scorer, float nearness, int count)
    {
        for (int first = 0; first < count; first += 4)           // most are rejected by one of the first
        {
            _batch.Count = Math.Min(4, count - first);
            _chosen.AsSpan(first, _batch.Count).CopyTo(new Span<int>(_batch.Rows, 4));
            scorer.Score(_batch);
            for (int i = 0; i < _batch.Count; i++)
            {
                if (_batch.Scores[i] > nearness)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private float Nearness(in NearnessScorer scorer, int row)
    {
        _batch.Count = 1;
        _batch.Rows[0] = row;
        scorer.Score(_batch);
        return _batch.Scores[0];
    }

    // Candidates of one and the same score come by row; where that would decide, the hash of the pair decides instead.
    private static void ShuffleEqual(int row, Span<ulong> candidates, int most)
    {
        for (int first = 0; first < candidates.Length;)
        {
            int end = first + 1;
            while (end < candidates.Length && !RowKey.IsBetter(candidates[first], candidates[end]))
            {
                end++;
            }

            if (end - first > most / 2)
            {
                Shuffle(row, candidates[first..end]);
            }

            first = end;
        }
    }

    private static void Shuffle(int row, Span<ulong> equal)
    {
        ulong score = equal[0] & 0xFFFF_FFFF_0000_0000;
        foreach (ref ulong key in equal)
        {
            int candidate = RowKey.RowOf(key);
            key = (SplitMix.Hash((ulong)row, (ulong)candidate) & 0xFFFF_FFFF_0000_0000) | (uint)candidate;
        }

        equal.Sort();
        foreach (ref ulong key in equal)
        {
            key = score | ~(uint)key;
        }
    }
}
