using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Backward;

/// <summary>A Llama of a few thousand weights, and texts for it.</summary>
internal static class SmallModel
{
    public static LlamaConfig Config { get; } = new()
    {
        Hidden = 16,
        Intermediate = 24,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadDimension = 4,
        Vocabulary = 150,
        MaxPositions = 64,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedHead = true,
    };

    public static LlamaModel New(long seed = 5, bool tied = true)
    {
        LlamaConfig config = Config with { TiedHead = tied };
        return new LlamaModel(config, LlamaWeights.Random(config, ScalarType.Float32, CPU, seed, deviation: 0.3), causal: false);
    }

    public static ReadOnlyMemory<int>[] Texts(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new ReadOnlyMemory<int>([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(Config.Vocabulary))]))];
    }
}
