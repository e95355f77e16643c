namespace Platform.Indexing.Sparse;

/// <summary>Writes the generator's documents as a segment, and makes its queries.</summary>
internal static class GeneratedCollection
{
    private const int Batch = 1024;

    /// <summary>Generates, quantises, reorders and writes.</summary>
    public static void Build(
        SparseBenchmarkOptions options, string path, IProgress<SparseBenchmarkProgress>? progress, CancellationToken cancellationToken)
    {
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Threads = options.Threads, MemoryBudgetBytes = options.MemoryBudgetBytes });
        Collect(options, builder, progress, cancellationToken);
        progress?.Report(new("Reordering and writing the segment"));
        using FileStream file = File.Create(path);
        builder.Build(file, [], cancellationToken);
    }

    /// <summary>Makes the queries, with integer weights.</summary>
    public static GeneratedQuery[] Queries(SparseBenchmarkOptions options, int count)
    {
        var generator = new SparseGenerator(options.Documents, options.Vocabulary, options.Seed);
        var scratch = new GeneratedVector();
        var vector = new GeneratedVector();
        float unit = SparseGenerator.LargestWeight / options.LargestQueryImpact;
        var queries = new GeneratedQuery[count];
        for (int i = 0; i < count; i++)
        {
            generator.Query(i, scratch, vector);
            int[] impacts = new int[vector.Count];
            for (int j = 0; j < impacts.Length; j++)
            {
                impacts[j] = Math.Max(1, (int)MathF.Round(vector.Weights[j] / unit));
            }

            queries[i] = new GeneratedQuery(vector.Terms.ToArray(), impacts);
        }

        return queries;
    }

    private static void Collect(
        SparseBenchmarkOptions options, SparseSegmentBuilder builder, IProgress<SparseBenchmarkProgress>? progress, CancellationToken cancellationToken)
    {
        var generator = new SparseGenerator(options.Documents, options.Vocabulary, options.Seed);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        var vectors = new GeneratedVector[Batch];
        for (int i = 0; i < Batch; i++)
        {
            vectors[i] = new GeneratedVector();
        }

        for (int first = 0; first < options.Documents; first += Batch)
        {
            progress?.Report(new("Making documents", first, options.Documents));
            int start = first;
            int count = Math.Min(Batch, options.Documents - first);
            Parallel.For(0, count, parallel, i => generator.Document(start + i, vectors[i]));
            for (int i = 0; i < count; i++)
            {
                builder.Add(vectors[i].Terms, vectors[i].Weights);
            }
        }
    }
}
