using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

/// <summary>A small collection of vectors held as plain arrays, with the plain loop that every algorithm must equal.</summary>
internal sealed class DenseCollection
{
    public required VectorLayout Layout { get; init; }

    /// <summary>One a document; null where it has no vector.</summary>
    public required float[]?[] Vectors { get; init; }

    /// <summary>Draws vectors of coarse values, so that equal scores and equal vectors are common.</summary>
    public static DenseCollection Drawn(int seed, int documents, int dimensions, VectorPrecision precision, bool gaps)
    {
        var random = new Random(seed);
        float spread = MathF.Pow(10, random.Next(-3, 4));
        bool coarse = random.Next(2) == 0;
        float[]?[] vectors = new float[]?[documents];
        for (int i = 0; i < documents; i++)
        {
            vectors[i] = gaps && random.Next(3) == 0 ? null : Vector(random, dimensions, spread, coarse);
        }

        return new DenseCollection { Layout = new VectorLayout(dimensions, precision), Vectors = vectors };
    }

    public static float[] Vector(Random random, int dimensions, float spread, bool coarse)
    {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions && random.Next(20) != 0; i++)
        {
            vector[i] = spread * (coarse ? random.Next(-2, 3) : (random.NextSingle() * 2) - 1);
        }

        return vector;
    }

    public DenseMemorySegment InMemory()
    {
        var segment = new DenseMemorySegment(Layout);
        for (int docId = 0; docId < Vectors.Length; docId++)
        {
            if (Vectors[docId] is { } vector)
            {
                segment.Add(docId, vector);
            }
        }

        return segment;
    }

    public byte[] Seal()
    {
        DenseMemorySegment segment = InMemory();
        using var stream = new MemoryStream();
        DenseRow[] rows = [.. Enumerable.Range(0, segment.Count).Select(row => new DenseRow(segment, row, segment.DocIdOf(row)))];
        long length = DenseSegmentWriter.Write(stream, Layout, Vectors.Length, rows, CancellationToken.None);
        Assert.Equal(stream.Length, length);
        return stream.ToArray();
    }

    /// <summary>Sorts all scores of the values as they are stored.</summary>
    public DenseHit[] Oracle(float[] query, int k, Func<int, bool> found, IComparer<int> ties)
    {
        DenseMemorySegment stored = InMemory();
        float[] vector = new float[Layout.Dimensions];
        List<DenseHit> hits = [];
        for (int docId = 0; docId < Vectors.Length; docId++)
        {
            if (found(docId) && stored.TryRead(docId, vector))
            {
                hits.Add(new DenseHit(docId, Score(query, vector, stored, docId)));
            }
        }

        return [.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.DocId, ties).Take(k)];
    }

    // The sum's order is part of the contract: 16 lanes of fused multiply-adds, then halves. Int8 multiplies by the scale last.
    private unsafe float Score(float[] query, float[] vector, DenseMemorySegment stored, int docId)
    {
        bool scaled = Layout.Precision == VectorPrecision.Int8;
        int row = stored.RowOf(docId);
        ReadOnlySpan<sbyte> code = stored.Code(row);
        float[] lanes = new float[16];
        for (int i = 0; i < vector.Length; i++)
        {
            lanes[i % 16] = MathF.FusedMultiplyAdd(query[i], scaled ? code[i] : vector[i], lanes[i % 16]);
        }

        for (int half = 8; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return (scaled ? lanes[0] * stored.Bounds(row / 64)[row % 64] : lanes[0]) + 0f;
    }
}
