using System.Diagnostics;
using static TorchSharp.torch;

namespace Platform.Encoders.Native;

/// <summary>Chooses a model's arithmetic on this machine, once a process: bfloat16 only where its products are right and faster.</summary>
/// <remarks>Without AVX512-BF16 or AMX libtorch computes bfloat16 products correctly but many times slower than float32.</remarks>
internal static class ArithmeticTest
{
    private const int Rows = 256;
    private const int Width = 512;
    private const int Repetitions = 5;

    /// <summary>How far a product of <see cref="Width"/> terms may be off, relative to its typical size: some roundings of 2^-9.</summary>
    private const double LargestError = 0.02;

    private static readonly Lazy<bool> PrefersBFloat16OnCpu = new(() => Measure(CPU) is { Error: <= LargestError } found && found.BFloat16 < found.Float32);

    /// <summary>The type to compute in.</summary>
    public static ScalarType Choose(Arithmetic asked, Device device) => asked switch
    {
        Arithmetic.Float32 => ScalarType.Float32,
        Arithmetic.BFloat16 => ScalarType.BFloat16,
        _ when device.type != TorchSharp.DeviceType.CPU => ScalarType.BFloat16,
        _ => PrefersBFloat16OnCpu.Value ? ScalarType.BFloat16 : ScalarType.Float32,
    };

    /// <summary>The fastest of several products in each type, and bfloat16's largest error relative to the float32 product's standard deviation.</summary>
    internal static (TimeSpan Float32, TimeSpan BFloat16, double Error) Measure(Device device)
    {
        using IDisposable inference = inference_mode(true);
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, device);
        Tensor x = empty(Rows, Width, device: device).normal_(0, 1, generator).to(ScalarType.BFloat16);
        Tensor w = empty(Width, Width, device: device).normal_(0, 1, generator).to(ScalarType.BFloat16);
        (TimeSpan wideTime, Tensor wide) = Fastest(x.to(ScalarType.Float32), w.to(ScalarType.Float32));
        (TimeSpan narrowTime, Tensor narrow) = Fastest(x, w);
        double error = ((narrow.to(ScalarType.Float32) - wide).abs().max() / wide.std()).to(ScalarType.Float32).item<float>();
        return (wideTime, narrowTime, error);
    }

    private static (TimeSpan Time, Tensor Product) Fastest(Tensor x, Tensor w)
    {
        TimeSpan fastest = TimeSpan.MaxValue;
        Tensor product = nn.functional.linear(x, w);
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            product = nn.functional.linear(x, w);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            fastest = time < fastest ? time : fastest;
        }

        return (fastest, product);
    }
}
