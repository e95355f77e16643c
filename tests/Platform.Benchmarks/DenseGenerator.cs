namespace Platform.Benchmarks;

/// <summary>Clustered unit vectors: a cluster's centre, one of its eight directions, Gaussian noise. The statistics of ../shared/bench/gen_dense.py.</summary>
internal sealed class DenseGenerator
{
    public const int Dimensions = 384;

    private const int Directions = 8;
    private static readonly float Unit = 1 / MathF.Sqrt(Dimensions);

    private readonly float[] _centres;
    private readonly float[] _directions;
    private readonly int _clusters;
    private readonly int _seed;

    public DenseGenerator(int documents, int seed)
    {
        _clusters = Math.Max(200, documents / 1000);
        _seed = seed;
        var random = new Random(seed);
        _centres = Gaussian(random, _clusters * Dimensions);
        _directions = Gaussian(random, _clusters * Directions * Dimensions);
    }

    /// <summary>Draws vectors one after the other; another stream gives other vectors of the same clusters.</summary>
    public IEnumerable<float[]> Draw(int count, int stream)
    {
        var random = new Random((_seed * 31) + stream);
        for (int i = 0; i < count; i++)
        {
            int cluster = random.Next(_clusters);
            int direction = (cluster * Directions) + random.Next(Directions);
            float[] vector = Gaussian(random, Dimensions);
            double norm = 0;
            for (int j = 0; j < Dimensions; j++)
            {
                vector[j] = _centres[(cluster * Dimensions) + j] + (0.55f * _directions[(direction * Dimensions) + j]) + (1.05f * vector[j]);
                norm += (double)vector[j] * vector[j];
            }

            float scale = (float)(1 / Math.Sqrt(norm));
            for (int j = 0; j < Dimensions; j++)
            {
                vector[j] *= scale;
            }

            yield return vector;
        }
    }

    // Normal numbers of deviation 1 / sqrt(dimensions), two by two: Box and Muller 1958.
    private static float[] Gaussian(Random random, int count)
    {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i += 2)
        {
            (float sine, float cosine) = MathF.SinCos(2 * MathF.PI * random.NextSingle());
            float radius = Unit * MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle()));
            numbers[i] = radius * sine;
            numbers[i + 1] = radius * cosine;
        }

        return numbers;
    }
}
