using System.Diagnostics;
using System.Globalization;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;

namespace Platform.Benchmarks;

/// <summary>Times filtered searches of one shard by how many documents match, and prints a table as Markdown. One thread; medians; k is 10.</summary>
internal static class FilterTable
{
    private const int K = 10;
    private const int Words = 30_000;

    private static readonly double[] Selectivities = [0.0001, 0.001, 0.01, 0.1, 0.5, 1];

    public static Task<int> RunAsync(string[] args)
    {
        int Number(string name, int missing)
        {
            int at = Array.IndexOf(args, name);
            return at < 0 ? missing : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        }

        return RunAsync(Number("--documents", 100_000), Number("--queries", 100));
    }

    private static async Task<int> RunAsync(int documents, int count)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("platform-filters-");
        try
        {
            await using Shard shard = await Shard.OpenAsync(
                new FileBlobStore(folder.FullName, TimeProvider.System), "s", new ShardOptions { SealAtBytes = 1 << 30, MaxSegmentBytes = 1_900_000_000 }, CancellationToken.None);
            await FillAsync(shard, documents);
            Print(shard, documents, count);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(Shard shard, int documents, int count)
    {
        GeneratedQuery[] sparse = GeneratedCollection.Queries(new SparseBenchmarkOptions { Documents = documents, LargestQueryImpact = 24 }, count);
        float[][] dense = [.. new DenseGenerator(documents, seed: 7).Draw(count, stream: 1)];
        LexicalQuery[] lexical = [.. Enumerable.Range(0, count).Select(i => LexicalOf(shard, new Random(i)))];
        Func<int, FieldFilter?, ShardHit[]>[] legs =
        [
            (i, filter) => shard.Search(lexical[i], K, filter, CancellationToken.None),
            (i, filter) => shard.Search(QueryOf(sparse[i]), 1, K, SparsePruning.None, filter, CancellationToken.None).Hits,
            (i, filter) => shard.SearchDense(dense[i], K, filter, CancellationToken.None),
        ];
        Line($"| matches of {documents} documents | first use of the filter, us | lexical p50 us | sparse p50 us | dense p50 us | fewest hits |");
        Line($"|---|---|---|---|---|---|");
        foreach (double? selectivity in Selectivities.Select(share => (double?)share).Prepend(null))
        {
            FieldFilter? filter = selectivity is { } share ? new FieldFilter.Between("rank", 0, Math.Max(1, (long)(share * documents)) - 1) : null;
            double first = Microseconds(() => shard.Count(filter, CancellationToken.None));
            int fewest = int.MaxValue;
            double[] medians = [.. legs.Select(search =>
            {
                double[] times = new double[count];
                for (int pass = 0; pass < 2; pass++)                     // the first warms up
                {
                    for (int i = 0; i < count; i++)
                    {
                        times[i] = Microseconds(() => fewest = Math.Min(fewest, search(i, filter).Length));
                    }
                }

                return times.Order().ElementAt(count / 2);
            })];
            Line($"| {(selectivity is { } part ? $"{part:P2}" : "no filter")} | {first:F0} | {medians[0]:F0} | {medians[1]:F0} | {medians[2]:F0} | {fewest} |");
        }
    }

    private static async Task FillAsync(Shard shard, int documents)
    {
        const int Batch = 1000;
        int[] ranks = [.. Enumerable.Range(0, documents)];
        var random = new Random(5);
        random.Shuffle(ranks);
        var sparse = new SparseGenerator(documents, new SparseBenchmarkOptions().Vocabulary, new SparseBenchmarkOptions().Seed);
        using IEnumerator<float[]> vectors = new DenseGenerator(documents, seed: 7).Draw(documents, stream: 0).GetEnumerator();
        var vector = new GeneratedVector();
        for (int begin = 0; begin < documents; begin += Batch)
        {
            var batch = new ShardBatch();
            for (int i = begin; i < Math.Min(begin + Batch, documents); i++)
            {
                sparse.Document(i, vector);
                vectors.MoveNext();
                int[] termIds = vector.Terms.ToArray();
                byte[] impacts = [.. vector.Weights.ToArray().Select(weight => ImpactQuantiser.Quantise(weight, SparseGenerator.LargestWeight))];
                FieldValue[] fields = [FieldValue.OfScalar("rank", ranks[i])];
                batch.Upsert(
                    Guid.NewGuid(), $"{i:D9}", [], TermVector.Pack(WordsOf(random, 60)), termIds, impacts, vectors.Current, fields: FieldValue.Pack(fields));
            }

            await shard.ApplyAsync(batch.ToArray());
        }

        await shard.SealAsync();
    }

    private static ImpactQuery QueryOf(GeneratedQuery query) => ImpactQuery.Quantise(query.TermIds, [.. query.Impacts.Select(impact => (float)impact)]);

    private static LexicalQuery LexicalOf(Shard shard, Random random)
    {
        string[] words = [.. WordsOf(random, 5).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        (long documents, long length, long[] frequencies) = shard.CountTerms(words);
        return new LexicalQuery(words, [.. frequencies.Select(frequency => Bm25.InverseDocumentFrequency(documents, frequency))], (double)length / documents, 0.9, 0.4);
    }

    // Squares make small numbers frequent, as words are.
    private static string[] WordsOf(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => $"w{(int)(Words * Math.Pow(random.NextDouble(), 3))}")];

    private static double Microseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
