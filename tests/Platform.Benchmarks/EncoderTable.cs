using System.Diagnostics;
using System.Globalization;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using static TorchSharp.torch;

namespace Platform.Benchmarks;

/// <summary>Tokens a second of whole encoders with random weights, beside the rate of a plain matrix product in the same run.</summary>
internal static class EncoderTable
{
    private const int Seed = 20261125;
    private const int Repetitions = 3;

    public static int Run(string[] options)
    {
        TorchRuntime.Start();
        using IDisposable inference = inference_mode(true);
        (TimeSpan wide, TimeSpan narrow, double error) = ArithmeticTest.Measure(CPU);
        Console.WriteLine($"{get_num_threads()} threads; start-up test: float32 {wide.TotalMilliseconds:F2} ms, bfloat16 {narrow.TotalMilliseconds:F2} ms, error {error:F4}; chosen {ArithmeticTest.Choose(Platform.Encoders.Arithmetic.Automatic, CPU)}");
        ScalarType type = options.Contains("--bfloat16") ? ScalarType.BFloat16 : options.Contains("--float32") ? ScalarType.Float32 : ArithmeticTest.Choose(Platform.Encoders.Arithmetic.Automatic, CPU);
        double peak = GemmPeak(type);
        Console.WriteLine($"{type}: a matrix product reaches {peak:F0} GFLOP/s");
        Console.WriteLine("| shape | batch x tokens | tokens/s | GFLOP/s | of the product's | sparse head ms | peak MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        if (!options.Contains("--large"))
        {
            Table("6 x 384", Shape(384, 6, 6, 1536, 32_768), type, peak, [(1, 128, 128), (8, 128, 128), (32, 128, 128), (32, 32, 256)]);
        }

        if (!options.Contains("--small"))
        {
            Table("16 x 2048", Shape(2048, 16, 32, 8192, 128_256), type, peak, [(1, 128, 128), (8, 128, 128), (8, 32, 256)]);
        }

        return 0;
    }

    private static void Table(string name, LlamaConfig config, ScalarType type, double peak, (int Texts, int Shortest, int Longest)[] batches)
    {
        using var model = new LlamaModel(config, LlamaWeights.Random(config, type, CPU, Seed), causal: false);
        foreach ((int texts, int shortest, int longest) in batches)
        {
            ReadOnlyMemory<int>[] ids = Texts(config, texts, shortest, longest);
            long tokens = ids.Sum(text => (long)text.Length);
            TimeSpan forward = TimeSpan.MaxValue, head = TimeSpan.MaxValue;
            for (int i = 0; i <= Repetitions; i++)
            {
                using var scope = NewDisposeScope();
                using var batch = TokenBatch.Pack(ids, CPU);
                long start = Stopwatch.GetTimestamp();
                Tensor hidden = model.Forward(batch);
                TimeSpan time = Stopwatch.GetElapsedTime(start);
                start = Stopwatch.GetTimestamp();
                _ = SparseHead.Weights(hidden, model.Weights.Head, batch, SparseHead.LogitScale(config));
                TimeSpan headTime = Stopwatch.GetElapsedTime(start);
                if (i > 0)                                      // the first one warms up
                {
                    forward = time < forward ? time : forward;
                    head = headTime < head ? headTime : head;
                }
            }

            double rate = 2 * (double)(config.ParameterCount - ((long)config.Vocabulary * config.Hidden)) * tokens / forward.TotalSeconds / 1e9;
            string lengths = shortest == longest ? $"{longest}" : $"{shortest}..{longest}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {texts} x {lengths} | {tokens / forward.TotalSeconds:F0} | {rate:F0} | {rate / peak:P0} | {head.TotalMilliseconds:F0} | {PeakMegabytes():F0} |"));
        }
    }

    /// <summary>GFLOP/s of a plain product of the large shape's size.</summary>
    internal static double GemmPeak(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(1024, 2048).to(type), w = randn(8192, 2048).to(type);
        double best = 0;
        for (int i = 0; i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using Tensor y = nn.functional.linear(x, w);
            best = Math.Max(best, 2.0 * 1024 * 2048 * 8192 / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }

    internal static LlamaConfig Shape(int hidden, int layers, int heads, int intermediate, int vocabulary) => new()
    {
        Hidden = hidden,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = heads == 32 ? 8 : heads / 3,
        HeadDimension = 64,
        Intermediate = intermediate,
        Vocabulary = vocabulary,
        MaxPositions = 1024,
        NormEpsilon = 1e-5f,
        RopeTheta = 500_000,
        Scaling = new RopeScaling(32, 1, 4, 8192),
        TiedHead = true,
    };

    internal static ReadOnlyMemory<int>[] Texts(LlamaConfig config, int count, int shortest, int longest)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<int>)Enumerable.Range(0, random.Next(shortest, longest + 1)).Select(_ => random.Next(config.Vocabulary)).ToArray())];
    }

    /// <summary>The most memory this process has held so far.</summary>
    internal static double PeakMegabytes() => Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
}
