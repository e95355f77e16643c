using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Platform.Indexing.Dense;

namespace Platform.Benchmarks;

/// <summary>Runs the graph beside other libraries on the same vectors and queries and prints its tables as Markdown.</summary>
/// <remarks>A peer is a program with the arguments and output of <c>Peers/hnswlib_peer.cpp</c>; it runs after ours, never beside it.</remarks>
internal static class HnswTable
{
    private const int K = 10;

    private static readonly int[] Widths = [10, 16, 24, 32, 40, 48, 64, 80, 96, 128, 192];
    private static readonly double[] Targets = [0.97, 0.99];

    public static int Run(string[] args)
    {
        int documents = Number(args, "--documents", 100_000);
        int count = Number(args, "--queries", 500);
        int threads = Number(args, "--threads", 2);
        var options = new HnswOptions();
        var generator = new DenseGenerator(documents, Number(args, "--seed", 7));
        float[][] queries = [.. generator.Draw(count, stream: 1)];
        var memory = new DenseMemorySegment(new VectorLayout(DenseGenerator.Dimensions, VectorPrecision.Float32));
        foreach (float[] vector in generator.Draw(documents, stream: 0))
        {
            memory.Add(memory.Count, vector);
        }

        string folder = Directory.CreateTempSubdirectory("hnsw").FullName;
        try
        {
            Write(folder, memory, queries);
            using var vectors = DenseSegment.Open(Path.Combine(folder, "vectors"));
            long start = Stopwatch.GetTimestamp();
            HnswMemoryGraph built = HnswBuilder.Build(vectors, options, threads, CancellationToken.None);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            using (FileStream file = File.Create(Path.Combine(folder, "graph")))
            {
                HnswGraphWriter.Write(file, built, vectors.Fingerprint, CancellationToken.None);
            }

            using var graph = HnswGraphFile.Open(Path.Combine(folder, "graph"), vectors);
            var searcher = new DenseSearcher();
            DenseHit[][] exact = [.. queries.Select(query => searcher.Search(vectors, query, K).Hits)];
            File.WriteAllBytes(Path.Combine(folder, "exact.i32"), MemoryMarshal.AsBytes<int>(exact.SelectMany(hits => hits.Select(hit => hit.DocId)).ToArray()).ToArray());
            Line($"| {documents} documents | build s, {threads} threads | bytes a vector | {string.Join(" | ", Targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"ef, recall@10, p50 us, mean us, QPS for {target:F2}")))} |");
            Line($"|---|---|---|{string.Concat(Targets.Select(_ => "---|"))}");
            double graphBytes = graph.SizeInBytes / (double)documents;
            double codeBytes = vectors.Layout.CodeBytes + 12;
            List<Point> codes = Sweep(vectors, graph, queries, exact, DenseAlgorithm.Hnsw);
            List<Point> floats = Sweep(vectors, graph, queries, exact, DenseAlgorithm.HnswByVectors);
            Row("ours, by codes", seconds, $"{graphBytes:F0} + {codeBytes:F0}, and {vectors.Layout.RowBytes} for exact scores", codes);
            Row("ours, by float32", seconds, $"{graphBytes:F0} + {vectors.Layout.RowBytes}", floats);
            for (int i = 0; i < args.Length; i++)
            {
                if (args[i] == "--peer")
                {
                    RunPeer(args[i + 1], folder, options, threads);
                }
            }

            Filters(vectors, graph, queries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    // Latency, algorithm and recall by how many documents may be found.
    private static void Filters(DenseSegment vectors, HnswGraph graph, float[][] queries)
    {
        Line($"");
        Line($"| documents that match | planned p50 us | by | scan p50 us | graph p50 us | graph ef 64 recall@10 | codes, graph |");
        Line($"|---|---|---|---|---|---|---|");
        var searcher = new DenseSearcher();
        foreach (double share in (double[])[0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1])
        {
            var random = new Random(5);
            ulong[] allowed = new ulong[(vectors.DocumentCount + 63) / 64];
            for (int docId = 0; docId < vectors.DocumentCount; docId++)
            {
                allowed[docId >> 6] |= random.NextDouble() < share ? 1UL << docId : 0;
            }

            double[] planned = new double[queries.Length], scan = new double[queries.Length], beam = new double[queries.Length];
            double recall = 0, codes = 0;
            DenseExecution execution = default;
            for (int i = 0; i < queries.Length; i++)
            {
                var scope = new DenseScope { Allowed = allowed, HasFilter = true };
                (planned[i], DenseTopK answer) = Time(searcher, vectors, graph, queries[i], scope, 0, DenseAlgorithm.Planned);
                execution = answer.Execution;
                (scan[i], DenseTopK exact) = Time(searcher, vectors, graph, queries[i], scope, 0, DenseAlgorithm.CodeScan);
                (beam[i], answer) = Time(searcher, vectors, graph, queries[i], scope, 64, DenseAlgorithm.Hnsw);
                recall += RecallStudy.Recall(exact.Hits, answer.Hits) / queries.Length;
                codes += answer.Execution.Codes / (double)queries.Length;
            }

            Line($"| {share * 100} % | {Median(planned):F0} | {execution.Algorithm} | {Median(scan):F0} | {Median(beam):F0} | {recall:F4} | {codes:F0} |");
        }
    }

    private static List<Point> Sweep(DenseSegment vectors, HnswGraph graph, float[][] queries, DenseHit[][] exact, DenseAlgorithm algorithm)
    {
        List<Point> points = [];
        var searcher = new DenseSearcher();
        foreach (int ef in (int[])[Widths[^1], .. Widths])                // the first warms up
        {
            double[] times = new double[queries.Length];
            double recall = 0, codes = 0;
            for (int i = 0; i < queries.Length; i++)
            {
                (times[i], DenseTopK answer) = Time(searcher, vectors, graph, queries[i], default, ef, algorithm);
                recall += RecallStudy.Recall(exact[i], answer.Hits) / queries.Length;
                codes += (answer.Execution.Codes + answer.Execution.Vectors) / (double)queries.Length;
            }

            points.Add(new Point(ef, recall, Median(times), times.Average()));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{algorithm} ef {ef} recall {recall:F4} p50 {Median(times):F1} us mean {times.Average():F1} us products {codes:F0}"));
        }

        return points[1..];
    }

    private static (double Microseconds, DenseTopK Answer) Time(
        DenseSearcher searcher, DenseSegment vectors, HnswGraph graph, float[] query, in DenseScope scope, int ef, DenseAlgorithm algorithm)
    {
        long start = Stopwatch.GetTimestamp();
        DenseTopK answer = searcher.Search(vectors, graph, query, K, scope, ef, algorithm);
        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds, answer);
    }

    private static void RunPeer(string program, string folder, HnswOptions options, int threads)
    {
        string[] numbers = [.. new int[] { DenseGenerator.Dimensions, options.M, options.EfConstruction, threads }.Concat(Widths)
            .Select(number => number.ToString(CultureInfo.InvariantCulture))];
        var start = new ProcessStartInfo(program, [.. new[] { "base.f32", "queries.f32", "exact.i32" }.Select(name => Path.Combine(folder, name)), .. numbers])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        double seconds = 0;
        string bytes = "";
        List<Point> points = [];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Console.Error.WriteLine($"{Path.GetFileName(program)} {line}");
            double[] numbersOf = [.. line.Split(' ').Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            switch (line[..line.IndexOf(' ', StringComparison.Ordinal)])
            {
                case "build":
                    seconds = numbersOf[0];
                    break;
                case "bytes":
                    bytes = numbersOf[0].ToString("F0", CultureInfo.InvariantCulture);
                    break;
                default:
                    points.Add(new Point((int)numbersOf[0], numbersOf[1], numbersOf[2], numbersOf[3]));
                    break;
            }
        }

        process.WaitForExit();
        Row(Path.GetFileNameWithoutExtension(program), seconds, $"{bytes}", points);
    }

    private static void Row(string name, double seconds, FormattableString bytes, List<Point> points)
    {
        string Cell(double target) => points.Find(point => point.Recall >= target) is { Ef: > 0 } point
            ? string.Create(CultureInfo.InvariantCulture, $"{point.Ef}, {point.Recall:F4}, {point.Median:F0}, {point.Mean:F0}, {1e6 / point.Mean:F0}")
            : "not reached";
        Line($"| {name} | {seconds:F1} | {bytes.ToString(CultureInfo.InvariantCulture)} | {string.Join(" | ", Targets.Select(Cell))} |");
    }

    private static void Write(string folder, DenseMemorySegment memory, float[][] queries)
    {
        DenseRow[] rows = [.. Enumerable.Range(0, memory.Count).Select(row => new DenseRow(memory, row, row))];
        using (FileStream file = File.Create(Path.Combine(folder, "vectors")))
        {
            DenseSegmentWriter.Write(file, memory.Layout, memory.Count, rows, CancellationToken.None);
        }

        using FileStream floats = File.Create(Path.Combine(folder, "base.f32"));
        for (int row = 0; row < memory.Count; row++)
        {
            floats.Write(memory.RowBytes(row));
        }

        File.WriteAllBytes(Path.Combine(folder, "queries.f32"), MemoryMarshal.AsBytes<float>(queries.SelectMany(query => query).ToArray()).ToArray());
    }

    private static int Number(string[] args, string name, int missing)
    {
        int at = Array.IndexOf(args, name);
        return at < 0 ? missing : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Point(int Ef, double Recall, double Median, double Mean);
}
