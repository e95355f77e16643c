using System.Globalization;
using Platform.Encoders.Llama;
using Platform.Training.Backward;
using Platform.Training.Losses;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Backward;

/// <summary>Memory as the kernel counts it: the largest resident set since the last reset.</summary>
[Collection(nameof(GradientCacheMemoryTests))]
[CollectionDefinition(nameof(GradientCacheMemoryTests), DisableParallelization = true)]
public sealed class GradientCacheMemoryTests
{
    private const int Length = 32;
    private const int ChunkPassages = 32;

    private static readonly LlamaConfig Config = SmallModel.Config with { Hidden = 128, Intermediate = 512, Layers = 2, HeadDimension = 32, Vocabulary = 400, MaxPositions = Length };

    [LinuxFact]
    public void A_candidate_set_of_1024_takes_the_memory_of_32()
    {
        using var model = new LlamaModel(Config, LlamaWeights.Random(Config, ScalarType.Float32, CPU, seed: 1), causal: false);
        _ = TrainedTensors.OfWhole(model, freezeHead: false);
        Step(model, 2, chunkTokens: 8 * Length);                                                     // what is made once is made
        long before = Status("VmRSS");
        long few = Peak(before, () => Step(model, ChunkPassages, chunkTokens: (ChunkPassages + 1) * Length));
        long many = Peak(before, () => Step(model, 1024, chunkTokens: (ChunkPassages + 1) * Length));
        long without = Peak(before, () => Step(model, 1024, chunkTokens: int.MaxValue));

        Assert.True(many < 1.5 * few + (16 << 20), $"1,024 candidates took {many >> 20} MiB, 32 took {few >> 20} MiB");
        Assert.True(without > 4 * many, $"without chunks they took {without >> 20} MiB, with them {many >> 20} MiB");
    }

    private static void Step(LlamaModel model, int passages, int chunkTokens)
    {
        using var scope = NewDisposeScope();
        var random = new Random(1);
        ReadOnlyMemory<int>[] texts = [.. Enumerable.Range(0, passages + 1).Select(_ => new ReadOnlyMemory<int>([.. Enumerable.Range(0, Length).Select(_ => random.Next(Config.Vocabulary))]))];
        using var cache = new GradientCache(model, new TrainedDenseHead(), chunkTokens, layerwise: false);
        Tensor all = cache.Encode(texts, dropoutSeed: 1, CancellationToken.None);
        InfoNce.Loss(all.narrow(0, 0, 1), all.narrow(0, 1, passages), 0.1).backward();
        cache.Backward(CancellationToken.None);
    }

    /// <summary>By how many bytes the resident set lay above a size at most; freed memory is kept by the process, so this only rises.</summary>
    private static long Peak(long before, Action action)
    {
        File.WriteAllText("/proc/self/clear_refs", "5");       // sets VmHWM to VmRSS
        action();
        return Status("VmHWM") - before;
    }

    private static long Status(string name)
    {
        string line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}

/// <summary>A fact about the kernel's own figures.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "resident sets are read from /proc, which only Linux has";
}
