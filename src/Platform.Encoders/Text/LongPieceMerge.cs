namespace Platform.Encoders.Text;

/// <summary>Byte-pair merging of one piece in O(n log n), for pieces so long that the usual scan for the lowest rank is quadratic.</summary>
/// <remarks>
/// A queue holds every neighbouring pair that is a token, by rank and then by position; the parts are a linked list. A pair whose parts have
/// changed since it was queued is passed over. The result is that of merging the leftmost pair of lowest rank again and again.
/// </remarks>
internal static class LongPieceMerge
{
    /// <summary>Appends the ids of a piece.</summary>
    public static void Encode(ReadOnlyMemory<byte> piece, Dictionary<ReadOnlyMemory<byte>, int> ranks, List<int> ids, CancellationToken cancellationToken)
    {
        if (ranks.TryGetValue(piece, out int whole))
        {
            ids.Add(whole);
            return;
        }

        int length = piece.Length;
        int[] end = new int[length];                // of the part that begins here; 0 once it is merged into the one before
        int[] previous = new int[length];           // where the part before begins; -1 for the first
        var queue = new PriorityQueue<(int Left, int Middle, int End), (int Rank, int Left)>();
        for (int i = 0; i < length; i++)
        {
            (end[i], previous[i]) = (i + 1, i - 1);
        }

        for (int i = 0; i + 1 < length; i++)
        {
            Queue(i);
        }

        int taken = 0;
        while (queue.TryDequeue(out (int Left, int Middle, int End) pair, out _))
        {
            if ((++taken & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (end[pair.Left] != pair.Middle || end[pair.Middle] != pair.End)
            {
                continue;
            }

            (end[pair.Left], end[pair.Middle]) = (pair.End, 0);
            if (pair.End < length)
            {
                previous[pair.End] = pair.Left;
                Queue(pair.Left);
            }

            if (previous[pair.Left] >= 0)
            {
                Queue(previous[pair.Left]);
            }
        }

        for (int i = 0; i < length; i = end[i])
        {
            ids.Add(ranks[piece[i..end[i]]]);
        }

        void Queue(int left)
        {
            int middle = end[left];
            int last = middle < length ? end[middle] : 0;
            if (last > 0 && ranks.TryGetValue(piece[left..last], out int rank))
            {
                queue.Enqueue((left, middle, last), (rank, left));
            }
        }
    }
}
