using System.Diagnostics;
using System.Globalization;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using static TorchSharp.torch;

namespace Platform.Benchmarks;

/// <summary>The sparse head at 128,256 terms for 8 texts of 128 tokens, tiled and with every logit at once, each in a process of its own.</summary>
internal static class HeadTable
{
    private const int Repetitions = 3;
    private static readonly string[] Forms = ["tiled", "at-once"];

    public static int Run(string[] options)
    {
        if (options is [string form])
        {
            Measure(form);
            return 0;
        }

        Console.WriteLine("| sparse head, 8 x 128, 128,256 terms, float32 | ms | peak over the model, MB |");
        Console.WriteLine("|---|---|---|");
        foreach (string each in Forms)
        {
            using Process child = ChildProcess.Start(new Dictionary<string, string?>(), "encoders", "head", each);
            Console.WriteLine(ChildProcess.Output(child));
        }

        return 0;
    }

    private static void Measure(string form)
    {
        TorchRuntime.Start();
        using IDisposable inference = inference_mode(true);
        using var scope = NewDisposeScope();
        LlamaConfig config = EncoderTable.Shape(2048, 16, 32, 8192, 128_256);
        Tensor head = empty(config.Vocabulary, config.Hidden).normal_(0, 0.02);
        using var batch = TokenBatch.Pack(EncoderTable.Texts(config, 8, 128, 128), CPU);
        Tensor hidden = randn(1024, config.Hidden);
        nn.functional.linear(hidden.narrow(0, 0, 64), head.narrow(0, 0, 64)).Dispose();        // the library's own buffers belong to the model
        double before = EncoderTable.PeakMegabytes();
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using Tensor weights = form == "tiled"
                ? SparseHead.Weights(hidden, head, batch, SparseHead.LogitScale(config))
                : SparseHead.WeightsAtOnce(hidden, head, batch, SparseHead.LogitScale(config));
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            fastest = time < fastest ? time : fastest;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {form} | {fastest.TotalMilliseconds:F0} | {EncoderTable.PeakMegabytes() - before:F0} |"));
    }
}
