namespace Platform.Indexing.Sparse;

/// <summary>Divides one large partition with all threads: the documents stay where they are, each thread takes a share.</summary>
internal static class LargeBisection
{
    private const int ShareSize = 1 << 14;

    /// <summary>Reorders <c>order[start, start + length)</c> so that its first <paramref name="middle"/> documents are one half.</summary>
    public static void Divide(
        ForwardIndex documents,
        int[] order,
        int start,
        int length,
        int middle,
        int rounds,
        ParallelOptions parallel)
    {
        int terms = documents.Terms.Count;
        int[][] degrees = [new int[terms], new int[terms]];
        float[][] gains = [new float[terms], new float[terms]];
        bool[] onRight = new bool[length];
        float[] keys = new float[length];
        int[] ranking = new int[length];
        for (int i = 0; i < length; i++)
        {
            onRight[i] = i >= middle;
            Count(documents, order[start + i], degrees[i >= middle ? 1 : 0], 1);
        }

        for (int round = 0; round < rounds; round++)
        {
            BisectionGains.Fill(degrees[0], degrees[1], (middle, length - middle), gains[0], gains[1]);
            Parallel.For(0, (length + ShareSize - 1) / ShareSize, parallel, share =>
            {
                int end = Math.Min(length, (share + 1) * ShareSize);
                for (int i = share * ShareSize; i < end; i++)
                {
                    ranking[i] = i;
                    keys[i] = Key(documents, order[start + i], gains, onRight[i]);
                }
            });
            RankSelection.Partition(keys, ranking, middle);
            int moved = 0;
            for (int rank = 0; rank < length; rank++)
            {
                int i = ranking[rank];
                bool toRight = rank >= middle;
                if (onRight[i] != toRight)
                {
                    Count(documents, order[start + i], degrees[toRight ? 0 : 1], -1);
                    Count(documents, order[start + i], degrees[toRight ? 1 : 0], 1);
                    onRight[i] = toRight;
                    moved++;
                }
            }

            if (moved <= length / 256)
            {
                break;
            }
        }

        Settle(order.AsSpan(start, length), onRight, middle);
    }

    private static float Key(ForwardIndex documents, int document, float[][] gains, bool onRight)
    {
        float[] gain = gains[onRight ? 1 : 0];
        float sum = 0;
        foreach (int term in documents.TermsOf(document))
        {
            sum += gain[term];
        }

        return onRight ? -sum : sum;
    }

    private static void Count(ForwardIndex documents, int document, int[] degrees, int change)
    {
        foreach (int term in documents.TermsOf(document))
        {
            degrees[term] += change;
        }
    }

    private static void Settle(Span<int> part, bool[] onRight, int middle)
    {
        int[] before = part.ToArray();
        for (int i = 0, left = 0, right = middle; i < before.Length; i++)
        {
            part[onRight[i] ? right++ : left++] = before[i];
        }
    }
}
