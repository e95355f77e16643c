using System.Text.Json;
using Platform.Testing;

namespace Platform.Encoders.Tests.Llama;

/// <summary>The tiny checkpoints in Golden and what plain PyTorch makes of them (Golden/reference.py).</summary>
internal static class Reference
{
    public const double Tolerance = 1e-5;

    public static string Folder(string model) => Path.Combine(Repository.Root, "tests", "Platform.Encoders.Tests", "Golden", model);

    public static ReferenceFile Read(string model) =>
        JsonSerializer.Deserialize<ReferenceFile>(File.ReadAllText(Path.Combine(Folder(model), "reference.json")), Options)!;

    public static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        double largest = expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(largest <= tolerance, $"the largest difference is {largest}; it may be {tolerance}");
    }

    private static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}

internal sealed record ReferenceFile(double[] InverseFrequencies, ReferenceCase[] Cases);

internal sealed record ReferenceCase(int[] Ids, bool Causal, float[] Hidden, float[] Dense, float[] Sparse);
