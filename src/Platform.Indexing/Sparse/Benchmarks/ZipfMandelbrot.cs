namespace Platform.Indexing.Sparse;

/// <summary>Zipf-Mandelbrot ranks: P(rank r) proportional to 1 / (r + shift)^exponent, r from 0.</summary>
/// <remarks>Immutable and safe on any thread. A guide table makes a draw one or two steps instead of a binary search.</remarks>
internal sealed class ZipfMandelbrot
{
    private readonly double[] _cumulative;
    private readonly int[] _guide;

    /// <summary>Prepares the distribution over <paramref name="count"/> ranks.</summary>
    public ZipfMandelbrot(int count, double exponent, double shift)
        : this(Weights(count, exponent, shift))
    {
    }

    /// <summary>Prepares a distribution over the indexes of <paramref name="weights"/>, which need not sum to 1.</summary>
    public ZipfMandelbrot(double[] weights)
    {
        double total = weights.Sum();
        _cumulative = new double[weights.Length];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] / total;
            _cumulative[i] = sum;
        }

        _cumulative[^1] = 1.0;
        _guide = new int[weights.Length + 1];
        for (int bucket = 0, rank = 0; bucket < _guide.Length; bucket++)
        {
            while (rank < weights.Length - 1 && _cumulative[rank] < (double)bucket / weights.Length)
            {
                rank++;
            }

            _guide[bucket] = rank;
        }
    }

    /// <summary>Draws a rank.</summary>
    public int Draw(ref Xoshiro random)
    {
        double u = random.NextDouble();
        int rank = _guide[(int)(u * _cumulative.Length)];
        while (_cumulative[rank] < u)
        {
            rank++;
        }

        return rank;
    }

    private static double[] Weights(int count, double exponent, double shift)
    {
        double[] weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            weights[i] = Math.Pow(i + shift, -exponent);
        }

        return weights;
    }
}
