using System.Runtime.InteropServices;
using System.Text;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Ranking;

/// <summary>A document of a fused list.</summary>
/// <param name="DocumentKey">The caller's key.</param>
/// <param name="Score">The fused score.</param>
/// <param name="Ranks">Its rank in each list, from 1; 0 where it is not in it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FusedHit(string DocumentKey, double Score, int[] Ranks);

/// <summary>The documents of several lists with their ranks, before they have a fused score.</summary>
internal static class FusedRanks
{
    /// <summary>The ranks of every document that is in a list.</summary>
    public static Dictionary<string, int[]> Of(IReadOnlyList<ShardHit>[] lists)
    {
        Dictionary<string, int[]> ranks = new(StringComparer.Ordinal);
        for (int list = 0; list < lists.Length; list++)
        {
            for (int i = 0; i < lists[list].Count; i++)
            {
                ref int[]? own = ref CollectionsMarshal.GetValueRefOrAddDefault(ranks, lists[list][i].DocumentKey, out _);
                own ??= new int[lists.Length];
                own[list] = i + 1;
            }
        }

        return ranks;
    }

    /// <summary>Score descending, then key ascending by UTF-8 bytes.</summary>
    public static FusedHit[] Order(IEnumerable<FusedHit> hits)
    {
        (byte[] Key, FusedHit Hit)[] order = [.. hits.Select(hit => (Encoding.UTF8.GetBytes(hit.DocumentKey), hit))];
        Array.Sort(order, (a, b) =>
        {
            int byScore = b.Hit.Score.CompareTo(a.Hit.Score);
            return byScore != 0 ? byScore : a.Key.AsSpan().SequenceCompareTo(b.Key);
        });
        return [.. order.Select(entry => entry.Hit)];
    }
}
