using System.Text;

namespace Platform.Silo.Grains;

/// <summary>Merges sorted hit lists of disjoint shards: score descending, then document key ascending by UTF-8 bytes.</summary>
internal static class HitMerge
{
    /// <summary>The best <paramref name="count"/> hits after leaving out <paramref name="offset"/>; each with its list's number.</summary>
    public static IReadOnlyList<(int List, string DocumentKey, double Score)> Merge(
        IReadOnlyList<(string DocumentKey, double Score)[]> lists, int offset, int count)
    {
        var heads = new PriorityQueue<(int List, int At), (string DocumentKey, double Score)>(Comparer<(string, double)>.Create(Compare));
        for (int list = 0; list < lists.Count; list++)
        {
            if (lists[list].Length > 0)
            {
                heads.Enqueue((list, 0), lists[list][0]);
            }
        }

        List<(int, string, double)> merged = new(Math.Min(count, 1024));
        for (int rank = 0; rank < offset + count && heads.TryDequeue(out (int List, int At) head, out (string DocumentKey, double Score) hit); rank++)
        {
            if (rank >= offset)
            {
                merged.Add((head.List, hit.DocumentKey, hit.Score));
            }

            if (head.At + 1 < lists[head.List].Length)
            {
                heads.Enqueue((head.List, head.At + 1), lists[head.List][head.At + 1]);
            }
        }

        return merged;
    }

    /// <summary>Negative if the first hit goes before the second.</summary>
    public static int Compare((string DocumentKey, double Score) a, (string DocumentKey, double Score) b)
    {
        int byScore = b.Score.CompareTo(a.Score);
        return byScore != 0 ? byScore : Encoding.UTF8.GetBytes(a.DocumentKey).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.DocumentKey));
    }
}
