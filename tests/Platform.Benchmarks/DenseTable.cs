using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Platform.Indexing.Dense;

namespace Platform.Benchmarks;

/// <summary>Runs the dense benchmark and prints its tables as Markdown. One thread; contenders take turns; medians.</summary>
internal static unsafe class DenseTable
{
    private const int K = 10;
    private const int Batch = 32;

    public static int Run(string[] args)
    {
        int Number(string name, int missing)
        {
            int at = Array.IndexOf(args, name);
            return at < 0 ? missing : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        }

        int documents = Number("--documents", 100_000);
        int count = Math.Max(Batch, Number("--queries", 128) / Batch * Batch);
        var generator = new DenseGenerator(documents, Number("--seed", 7));
        float[][] queries = [.. generator.Draw(count, stream: 1)];
        Line($"| {documents} documents | p50 ms | GB/s | over float32 | of read bandwidth | vectors multiplied | recall@10 | batch of 32, ms a query | over one by one | bytes a vector |");
        Line($"|---|---|---|---|---|---|---|---|---|---|");
        double baseline = 0;
        DenseHit[][] exact = [];
        foreach (VectorPrecision precision in Enum.GetValues<VectorPrecision>())
        {
            string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            try
            {
                Write(path, generator, documents, precision);
                using var segment = DenseSegment.Open(path);
                segment.Verify();
                if (precision == VectorPrecision.Float32)
                {
                    exact = [.. queries.Select(query => new DenseSearcher().Search(segment, query, K, default, DenseAlgorithm.Scan).Hits)];
                }

                Measure(segment, queries, exact, ref baseline);
            }
            finally
            {
                File.Delete(path);
            }
        }

        return 0;
    }

    private static void Measure(DenseSegment segment, float[][] queries, DenseHit[][] exact, ref double baseline)
    {
        var searcher = new DenseSearcher();
        double[] scan = new double[queries.Length];
        double[] code = new double[queries.Length];
        double[] read = new double[queries.Length];
        double[] batch = new double[queries.Length / Batch];
        DenseHit[][] found = new DenseHit[queries.Length][];
        long vectors = 0;
        for (int pass = 0; pass < 2; pass++)                             // the first warms up
        {
            vectors = 0;
            for (int i = 0; i < queries.Length; i++)
            {
                scan[i] = Milliseconds(() => searcher.Search(segment, queries[i], K, default, DenseAlgorithm.Scan));
                code[i] = Milliseconds(() =>
                {
                    DenseTopK answer = searcher.Search(segment, queries[i], K, default, DenseAlgorithm.CodeScan);
                    found[i] = answer.Hits;
                    vectors += answer.Execution.Vectors;
                });
                read[i] = Milliseconds(() => ReadAll(segment));
                if (i % Batch == Batch - 1)
                {
                    float[] together = [.. queries.Skip(i + 1 - Batch).Take(Batch).SelectMany(query => query)];
                    batch[i / Batch] = Milliseconds(() => searcher.SearchBatch(segment, together, K)) / Batch;
                }
            }
        }

        double bytes = (double)segment.Count * segment.Layout.RowBytes;
        double bandwidth = bytes / Median(read) / 1e6;
        baseline = baseline == 0 ? Median(scan) : baseline;
        double recall = found.Zip(exact).Average(pair => pair.First.Count(hit => pair.Second.Any(other => other.DocId == hit.DocId)) / (double)K);
        double speed = bytes / Median(scan) / 1e6;
        Line($"| {segment.Layout.Precision} scan | {Median(scan):F2} | {speed:F1} | {baseline / Median(scan):F2} | {speed / bandwidth:P0} of {bandwidth:F1} GB/s | {segment.Count} | | {Median(batch):F3} | {Median(scan) / Median(batch):F1} | {segment.SizeInBytes / (double)segment.Count:F0} |");
        double codeBytes = (double)segment.Count * (segment.Layout.CodeBytes + 12);
        Line($"| {segment.Layout.Precision}, codes first | {Median(code):F2} | {codeBytes / Median(code) / 1e6:F1} | {baseline / Median(code):F2} | | {vectors / queries.Length} | {recall:F4} | | | |");
    }

    // The yardstick: the same bytes, read in order and added up as whole registers; nothing else.
    private static void ReadAll(DenseSegment segment)
    {
        byte* from = segment.Rows(0);
        byte* end = from + ((long)segment.Count * segment.Layout.RowBytes);
        Vector256<long> a = default, b = default, c = default, d = default;
        for (; from + 128 <= end; from += 128)
        {
            a += Vector256.Load((long*)from);
            b += Vector256.Load((long*)from + 4);
            c += Vector256.Load((long*)from + 8);
            d += Vector256.Load((long*)from + 12);
        }

        GC.KeepAlive(Vector256.Sum(a + b + c + d));
    }

    private static void Write(string path, DenseGenerator generator, int documents, VectorPrecision precision)
    {
        var memory = new DenseMemorySegment(new VectorLayout(DenseGenerator.Dimensions, precision));
        DenseRow[] rows = new DenseRow[documents];
        foreach (float[] vector in generator.Draw(documents, stream: 0))
        {
            int row = memory.Add(memory.Count, vector);
            rows[row] = new DenseRow(memory, row, row);
        }

        using FileStream file = File.Create(path);
        DenseSegmentWriter.Write(file, memory.Layout, documents, rows, CancellationToken.None);
    }

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
