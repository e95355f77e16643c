using System.Diagnostics;
using System.Globalization;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using static TorchSharp.torch;

namespace Platform.Benchmarks;

/// <summary>One forward of Llama-3.2-1B's shape with random bfloat16 weights: time, and the most memory the process held.</summary>
internal static class LargeForward
{
    private const long Parameters = 1_235_814_400;             // of Llama-3.2-1B

    public static int Run()
    {
        TorchRuntime.Start();
        using IDisposable inference = inference_mode(true);
        LlamaConfig config = EncoderTable.Shape(2048, 16, 32, 8192, 128_256);
        if (config.ParameterCount != Parameters)
        {
            Console.Error.WriteLine($"The shape has {config.ParameterCount} parameters; Llama-3.2-1B has {Parameters}.");
            return 1;
        }

        using var model = new LlamaModel(config, LlamaWeights.Random(config, ScalarType.BFloat16, CPU, seed: 1), causal: false);
        double weights = EncoderTable.PeakMegabytes();
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Pack(EncoderTable.Texts(config, 1, 128, 128), CPU);
        long start = Stopwatch.GetTimestamp();
        Tensor hidden = model.Forward(batch);
        double dense = DenseHead.Pool(hidden, batch).abs().sum().item<float>();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"1 x 128 tokens through {config.ParameterCount:N0} bfloat16 parameters: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, peak {EncoderTable.PeakMegabytes():F0} MB ({weights:F0} with the weights alone), {(double.IsFinite(dense) ? "finite" : "NOT FINITE")}"));
        return 0;
    }
}
