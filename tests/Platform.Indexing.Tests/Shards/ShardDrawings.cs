using CsCheck;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Tests.Fields;
using Content = Platform.Indexing.Tests.Shards.ShardModel.Content;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

/// <summary>Draws operations and queries from small pools, so that keys, terms and scores meet again and again.</summary>
internal static class ShardDrawings
{
    /// <summary>Seals after about ten documents and merges every second file.</summary>
    public static ShardOptions Tiny => new() { SealAtBytes = 4096, MergeFactor = 2, MaxSegmentBytes = 1 << 20 };

    /// <summary>Never seals.</summary>
    public static ShardOptions Roomy => new();

    public static readonly string[] Keys = ["a", "b", "ab", "c", "d", "é", "\uE000", "\uFFFD", "😀", "😀a", "long/" + new string('k', 200), "f", "g", "h", "i", "j"];

    public static readonly string[] Terms = ["red", "green", "blue", "é", "\uE000", "😀", new string('t', 300)];

    /// <summary>Components of a drawn vector: more than the 16 lanes of a sum.</summary>
    public const int Dimensions = 18;

    /// <summary>Of few values, so that scores are often equal.</summary>
    public static readonly Gen<float[]> Vectors = Gen.OneOf(-2f, -0.3f, 0f, 0f, 1f, 1.7f).Array[Dimensions];

    private static readonly Gen<Content> Contents = Gen.Select(
        Gen.Byte.Array[0, 600],
        Gen.OneOf(Terms).Array[0, 8],
        Gen.Select(Gen.OneOf(0, 1, 2, 300, 70_000, 128_255, int.MaxValue), Gen.Byte[1, 255]).Array[0, 6],
        Gen.Frequency((1, Gen.Const((float[]?)null)), (2, Vectors.Select(vector => (float[]?)vector))),
        FilterOracle.Values,
        (stored, terms, sparse, vector, fields) =>
            new Content(stored, terms, new SortedDictionary<int, byte>(sparse.DistinctBy(s => s.Item1).ToDictionary()), vector) { Fields = fields });

    public static readonly Gen<Operation> Operations = Gen.Select(
        Gen.Guid,
        Gen.OneOf(Keys),
        Gen.Frequency((1, Gen.Const((Content?)null)), (4, Contents.Select(content => (Content?)content))),
        (id, key, content) => new Operation(id, key, content));

    public static readonly Gen<Operation[]> Batches = Operations.Array[1, 6];

    /// <summary>Distinct terms, each with its count in the query.</summary>
    public static readonly Gen<(string Term, int Count)[]> LexicalQueries = Gen.Select(Gen.OneOf(Terms), Gen.Int[1, 2])
        .Array[1, 4].Select(terms => terms.DistinctBy(term => term.Item1).ToArray());

    public static readonly Gen<ImpactQuery> SparseQueries = Gen.Select(Gen.OneOf(0, 1, 2, 300, 70_000, 128_255, int.MaxValue, 5), Gen.Single[0.1f, 2], Gen.Bool)
        .Array[1, 5].Select(terms =>
        {
            var distinct = terms.DistinctBy(term => term.Item1).OrderBy(term => term.Item1).ToArray();
            return ImpactQuery.Quantise([.. distinct.Select(term => term.Item1)], [.. distinct.Select(term => term.Item3 ? -term.Item2 : term.Item2)]);
        });

    public static readonly Gen<Queries> QuerySets = Gen.Select(
        LexicalQueries.Array[2],
        SparseQueries.Array[2],
        Vectors.Array[2],
        Gen.Enum<VectorPrecision>(),
        Gen.OneOf(1, 3, 100),
        FilterOracle.Filters.Array[2],
        (lexical, sparse, dense, precision, top, filters) => new Queries(lexical, sparse, dense, top) { Precision = precision, Filters = filters });

    /// <summary>A fixed history: for tests that repeat one run with a different fault each time.</summary>
    public static Operation[][] History(int seed, int batches)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, batches).Select(_ => Enumerable.Range(0, random.Next(1, 6)).Select(_ => Draw(random)).ToArray())];
    }

    public static byte[] Pack(IEnumerable<Operation> operations, VectorPrecision precision = VectorPrecision.Float32)
    {
        var batch = new ShardBatch();
        foreach (Operation operation in operations)
        {
            if (operation.Content is null)
            {
                batch.Delete(operation.Id, operation.Key);
            }
            else
            {
                Content content = operation.Content;
                byte[] terms = content.Terms.Length == 0 ? [] : TermVector.Pack(content.Terms);
                batch.Upsert(operation.Id, operation.Key, content.Stored, terms, [.. content.Sparse.Keys], [.. content.Sparse.Values], content.Vector, precision, FieldValue.Pack(content.Fields));
            }
        }

        return batch.ToArray();
    }

    private static Operation Draw(Random random)
    {
        byte[] id = new byte[16];
        random.NextBytes(id);
        string key = Keys[random.Next(Keys.Length)];
        if (random.Next(5) == 0)
        {
            return new Operation(new Guid(id), key, null);
        }

        byte[] stored = new byte[random.Next(500)];
        random.NextBytes(stored);
        string[] terms = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Terms[random.Next(Terms.Length)])];
        SortedDictionary<int, byte> sparse = [];
        for (int i = random.Next(5); i > 0; i--)
        {
            sparse[random.Next(1000)] = (byte)random.Next(1, 256);
        }

        float[]? vector = random.Next(3) == 0 ? null : [.. Enumerable.Range(0, Dimensions).Select(_ => (float)random.Next(-2, 3))];
        FieldValue[] fields = [FieldValue.OfKeywords("lang", [.. terms.Take(2), "en"]), FieldValue.OfScalar("year", random.Next(400)), FieldValue.OfScalar("flag", random.Next(2))];
        return new Operation(new Guid(id), key, new Content(stored, terms, sparse, vector) { Fields = fields[..random.Next(4)] });
    }
}

/// <summary>What to ask a shard and its model.</summary>
internal sealed record Queries((string Term, int Count)[][] Lexical, ImpactQuery[] Sparse, float[][] Dense, int Top)
{
    /// <summary>How the shard keeps its vectors.</summary>
    public VectorPrecision Precision { get; init; }

    /// <summary>What to search within.</summary>
    public FieldFilter[] Filters { get; init; } = FilterOracle.Fixed;

    /// <summary>A fixed set.</summary>
    public static Queries Fixed { get; } = new(
        [[("red", 1)], [("blue", 2), ("é", 1), ("absent", 1), ("red", 1)]],
        [ImpactQuery.Quantise([0, 1, 300, 500, 70_000], [1, -0.5f, 2, 0.1f, 0.7f])],
        [[.. Enumerable.Range(0, ShardDrawings.Dimensions).Select(i => i % 3 - 1f)]],
        Top: 100);
}
