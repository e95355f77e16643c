using System.Text.Json;
using static TorchSharp.torch;

namespace Platform.Training.Tests;

/// <summary>The numbers of <c>tests/golden/training/reference.py</c>.</summary>
internal static class TorchReference
{
    public static JsonElement Root { get; } = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Testing.Repository.Root, "tests", "golden", "training", "reference.json"))).RootElement;

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    public static long[] Longs(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt64())];

    /// <summary>An input of a case, in double precision.</summary>
    public static Tensor Input(JsonElement of, string name, bool trained = true)
    {
        JsonElement input = of.GetProperty("inputs").GetProperty(name);
        Tensor values = tensor(Numbers(input.GetProperty("values"))).reshape(Longs(input.GetProperty("shape")));
        return trained ? values.detach().requires_grad_() : values;
    }

    public static void AssertClose(double[] expected, Tensor actual, double tolerance = 1e-5)
    {
        double[] values = [.. actual.detach().to(ScalarType.Float64).contiguous().data<double>()];
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i} is {values[i]}; the reference says {expected[i]}");
        }
    }
}
