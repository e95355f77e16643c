using System.Buffers.Binary;

namespace Platform.Indexing.Shards;

/// <summary>The documents of a sealed segment in ascending order of their keys by UTF-8 bytes, deleted ones included.</summary>
internal static class KeyOrder
{
    /// <summary>The docIds by key. From the ranks that come with sparse postings where there are any, else by sorting.</summary>
    public static int[] Of(SealedSegment segment)
    {
        ReadOnlySpan<int> ranks = segment.Sparse.KeyRanks();
        int[] byKey = new int[segment.DocumentCount];
        if (ranks.Length == byKey.Length)
        {
            for (int docId = 0; docId < byKey.Length; docId++)
            {
                byKey[ranks[docId]] = docId;
            }

            return byKey;
        }

        Sort(segment, byKey);
        return byKey;
    }

    /// <summary>The first place whose key is above another; the number of documents if there is none.</summary>
    public static int FirstAbove(SealedSegment segment, int[] byKey, ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = byKey.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = segment.KeyOf(byKey[middle]).SequenceCompareTo(key) > 0 ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Sorts by the eight bytes behind what all keys begin with, as numbers, and compares whole keys only where these are equal.</summary>
    private static void Sort(SealedSegment segment, int[] byKey)
    {
        int common = CommonPrefix(segment);
        ulong[] heads = new ulong[byKey.Length];
        for (int docId = 0; docId < byKey.Length; docId++)
        {
            byKey[docId] = docId;
            heads[docId] = Head(segment.KeyOf(docId)[common..]);
        }

        Array.Sort(heads, byKey);
        for (int start = 0, end; start < byKey.Length; start = end)
        {
            for (end = start + 1; end < byKey.Length && heads[end] == heads[start];)
            {
                end++;
            }

            if (end - start > 1)
            {
                byKey.AsSpan(start, end - start).Sort((a, b) => segment.KeyOf(a).SequenceCompareTo(segment.KeyOf(b)) is var order and not 0 ? order : a.CompareTo(b));
            }
        }
    }

    private static int CommonPrefix(SealedSegment segment)
    {
        int common = segment.DocumentCount == 0 ? 0 : segment.KeyOf(0).Length;
        for (int docId = 1; docId < segment.DocumentCount && common > 0; docId++)
        {
            common = segment.KeyOf(0)[..common].CommonPrefixLength(segment.KeyOf(docId));
        }

        return common;
    }

    private static ulong Head(ReadOnlySpan<byte> rest)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong)];
        head.Clear();
        rest[..Math.Min(rest.Length, head.Length)].CopyTo(head);
        return BinaryPrimitives.ReadUInt64BigEndian(head);
    }
}
