using System.Diagnostics;
using System.Globalization;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using static TorchSharp.torch;

namespace Platform.Benchmarks;

/// <summary>What libgomp's spinning at barriers costs: the 6 x 384 encoder alone, and two processes of it at once on the same cores.</summary>
internal static class SpinTable
{
    private const string Variable = "GOMP_SPINCOUNT";
    private const double Seconds = 3;
    private static readonly string[] Counts = ["0", "2000", "20000", "200000"];

    public static int Run(string[] options)
    {
        if (options is ["measure"])
        {
            Console.WriteLine(Measure().ToString("F0", CultureInfo.InvariantCulture));
            return 0;
        }

        Console.WriteLine("| GOMP_SPINCOUNT | one process, tokens/s | two at once, tokens/s together | of one alone |");
        Console.WriteLine("|---|---|---|---|");
        foreach (string count in Counts)
        {
            double alone = Together(count, 1);
            double both = Together(count, 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count} | {alone:F0} | {both:F0} | {both / alone:P0} |"));
        }

        return 0;
    }

    private static double Together(string count, int processes)
    {
        Process[] children = [.. Enumerable.Range(0, processes).Select(_ =>
            ChildProcess.Start(new Dictionary<string, string?> { [Variable] = count }, "encoders", "spin", "measure"))];
        return children.Sum(child =>
        {
            using (child)
            {
                return double.Parse(ChildProcess.Output(child), CultureInfo.InvariantCulture);
            }
        });
    }

    private static double Measure()
    {
        TorchRuntime.Start();
        using IDisposable inference = inference_mode(true);
        LlamaConfig config = EncoderTable.Shape(384, 6, 6, 1536, 4096);
        using var model = new LlamaModel(config, LlamaWeights.Random(config, ScalarType.Float32, CPU, seed: 1), causal: false);
        using var batch = TokenBatch.Pack(EncoderTable.Texts(config, 8, 32, 32), CPU);
        long tokens = 0;
        long start = 0;
        for (int i = 0; start == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds; i++)
        {
            if (i == 3)
            {
                start = Stopwatch.GetTimestamp();
                tokens = 0;
            }

            using Tensor hidden = model.Forward(batch);
            tokens += 256;
        }

        return tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
