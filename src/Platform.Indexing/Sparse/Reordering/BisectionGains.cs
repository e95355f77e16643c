namespace Platform.Indexing.Sparse;

/// <summary>What moving one document of a term to the other half saves, in bits of gap-coded postings.</summary>
/// <remarks>The cost of d documents among n is d log2(n / (d + 1)), as in Dhulipala et al. 2016, section 3.</remarks>
internal static class BisectionGains
{
    private static readonly float[] Logarithms = Table();

    /// <summary>Fills, for each term, the gain of moving it from left to right less half of nothing: both directions.</summary>
    /// <param name="left">Documents of the left half that have the term.</param>
    /// <param name="right">The same for the right half.</param>
    /// <param name="sizes">Documents of both halves.</param>
    /// <param name="leftToRight">Overwritten: gain of a move to the right; 0 where no document on the left has the term.</param>
    /// <param name="rightToLeft">Overwritten: gain of a move to the left.</param>
    public static void Fill(
        ReadOnlySpan<int> left,
        ReadOnlySpan<int> right,
        (int Left, int Right) sizes,
        Span<float> leftToRight,
        Span<float> rightToLeft)
    {
        float logLeft = Log2(sizes.Left);
        float logRight = Log2(sizes.Right);
        for (int term = 0; term < left.Length; term++)
        {
            int l = left[term];
            int r = right[term];
            float now = Cost(l, logLeft) + Cost(r, logRight);
            leftToRight[term] = l == 0 ? 0 : now - Cost(l - 1, logLeft) - Cost(r + 1, logRight);
            rightToLeft[term] = r == 0 ? 0 : now - Cost(l + 1, logLeft) - Cost(r - 1, logRight);
        }
    }

    private static float Cost(int documents, float logSize) => documents * (logSize - Log2(documents + 1));

    private static float Log2(int value) => value < Logarithms.Length ? Logarithms[value] : MathF.Log2(value);

    private static float[] Table()
    {
        float[] table = new float[4096];
        for (int i = 1; i < table.Length; i++)
        {
            table[i] = MathF.Log2(i);
        }

        return table;
    }
}
