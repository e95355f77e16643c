using System.Text.Json;
using Platform.Encoders.Native;
using Platform.Encoders.Weights;
using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>Holds a model folder to the reference numbers beside it, <c>golden.json</c>, in causal mode and float32.</summary>
/// <remarks>
/// The file: <c>{"cases": [{"ids": [..], "last_logits_first16", "last_max_logit", "last_argmax", "logits_sum", "mean_nll", "last_hidden_first8",
/// "mean_hidden_first8"}]}</c>. <c>logits_sum</c> is over all positions and terms, other logits are of the last position, <c>mean_nll</c> is the mean
/// next-token loss in nats; each but <c>ids</c> may be absent or null.
/// </remarks>
public static class GoldenCheck
{
    /// <summary>The reference numbers in a model's folder.</summary>
    public const string FileName = "golden.json";

    private const int MaxFileBytes = 64 << 20;

    /// <summary>Computes every case and compares, with the folder's adapter if it holds one.</summary>
    /// <param name="directory">The model's folder.</param>
    /// <param name="threads">As <see cref="LlamaEncoderOptions.Threads"/>.</param>
    /// <param name="cancellationToken">Looked at before each layer.</param>
    /// <exception cref="ModelFileException">The model can't be read.</exception>
    /// <exception cref="GoldenFileException">The reference numbers are missing or can't be read.</exception>
    public static GoldenReport Run(string directory, int threads = 0, CancellationToken cancellationToken = default)
    {
        string path = Path.Combine(directory, FileName);
        IReadOnlyList<GoldenCase> cases = Read(path);
        LlamaConfig config = LlamaConfig.Read(directory);
        var checkpoint = Checkpoint.Open(directory);
        foreach (GoldenCase golden in cases)
        {
            if (golden.Ids is not { Length: > 0 } || golden.Ids.Length > config.MaxPositions || golden.Ids.Any(id => id < 0 || id >= config.Vocabulary))
            {
                throw new GoldenFileException(path, $"a case has {golden.Ids?.Length ?? 0} ids; there must be 1 to {config.MaxPositions}, each from 0 to {config.Vocabulary - 1}");
            }
        }

        TorchRuntime.Start(threads);
        using IDisposable inference = inference_mode(true);
        using var model = new LlamaModel(config, CheckpointTensors.Load(checkpoint, config, ScalarType.Float32, CPU, LoraAdapter.Find(directory)), causal: true);
        return GoldenReport.Of([.. cases.SelectMany((golden, i) => Compare(model, golden, i, cancellationToken))], cases.Count);
    }

    private static List<GoldenDifference> Compare(LlamaModel model, GoldenCase golden, int index, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Pack([golden.Ids], CPU);
        Tensor hidden = model.Forward(batch, cancellationToken);                                   // [L, h]
        float[] last = Numbers(hidden[-1]);
        float[] mean = Numbers(hidden.mean([0]));
        float[] logits = Numbers(nn.functional.linear(hidden[-1], model.Weights.Head));            // [V]
        List<GoldenDifference> found = [];
        void Add(string what, double? expected, double actual)
        {
            if (expected is double value)
            {
                found.Add(new GoldenDifference(index, what, value, actual));
            }
        }

        void AddAll(string what, double[]? expected, float[] actual)
        {
            for (int i = 0; i < (expected?.Length ?? 0); i++)
            {
                Add($"{what}[{i}]", expected![i], i < actual.Length ? actual[i] : double.NaN);
            }
        }

        AddAll("last logits", golden.LastLogitsFirst16, logits);
        Add("greatest logit", golden.LastMaxLogit, logits.Max());
        Add("id of the greatest logit", golden.LastArgmax, Array.IndexOf(logits, logits.Max()));
        AddAll("last hidden", golden.LastHiddenFirst8, last);
        AddAll("mean hidden", golden.MeanHiddenFirst8, mean);
        (double loss, double meanLogit) = OverAllPositions(model, hidden, golden.Ids);
        Add("mean loss", golden.MeanNll, loss);
        Add("mean logit", golden.LogitsSum / golden.Ids.Length / model.Config.Vocabulary, meanLogit);
        return found;
    }

    private static (double Loss, double MeanLogit) OverAllPositions(LlamaModel model, Tensor hidden, int[] ids)
    {
        double loss = 0;
        double sum = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            using var position = NewDisposeScope();
            Tensor logits = nn.functional.linear(hidden[i], model.Weights.Head).to(ScalarType.Float64);        // one row at a time: [V]
            sum += logits.sum().item<double>();
            loss += i + 1 < ids.Length ? (logits.logsumexp(0, false) - logits[ids[i + 1]]).item<double>() : 0;
        }

        return (loss / Math.Max(1, ids.Length - 1), sum / ids.Length / model.Config.Vocabulary);
    }

    private static float[] Numbers(Tensor vector) => [.. vector.contiguous().data<float>()];

    private static IReadOnlyList<GoldenCase> Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxFileBytes)
            {
                throw new GoldenFileException(path, $"it has {file.Length} bytes; the limit is {MaxFileBytes}");
            }

            return JsonSerializer.Deserialize<GoldenFile>(file, GoldenFile.Options)?.Cases is { Count: > 0 } cases
                ? cases
                : throw new GoldenFileException(path, "it has no cases");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new GoldenFileException(path, e.Message, e);
        }
    }

    private sealed record GoldenFile(IReadOnlyList<GoldenCase> Cases)
    {
        public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, MaxDepth = 16 };
    }

    private sealed record GoldenCase(
        int[] Ids,
        [property: System.Text.Json.Serialization.JsonPropertyName("last_logits_first16")] double[]? LastLogitsFirst16,
        double? LastMaxLogit,
        double? LastArgmax,
        double? MeanNll,
        double? LogitsSum,
        [property: System.Text.Json.Serialization.JsonPropertyName("last_hidden_first8")] double[]? LastHiddenFirst8,
        [property: System.Text.Json.Serialization.JsonPropertyName("mean_hidden_first8")] double[]? MeanHiddenFirst8);
}

/// <summary>One number beside its reference.</summary>
/// <param name="Case">Which case, from 0.</param>
/// <param name="What">Which number of it.</param>
/// <param name="Expected">The reference.</param>
/// <param name="Actual">What this machine computed.</param>
public sealed record GoldenDifference(int Case, string What, double Expected, double Actual)
{
    /// <summary>How far they are apart; not a number counts as infinitely far.</summary>
    public double Size => double.IsNaN(Actual) ? double.PositiveInfinity : Math.Abs(Actual - Expected);
}

/// <summary>What a check found.</summary>
/// <param name="Cases">Cases computed.</param>
/// <param name="Compared">Numbers compared; 0 is a file that says nothing, and no success.</param>
/// <param name="Largest">The largest difference; null where nothing was compared.</param>
/// <param name="LargestLoss">The largest difference of a loss, in nats; null without losses.</param>
/// <param name="Faults">All differences above <see cref="Tolerance"/>, in order.</param>
public sealed record GoldenReport(int Cases, int Compared, GoldenDifference? Largest, GoldenDifference? LargestLoss, IReadOnlyList<GoldenDifference> Faults)
{
    /// <summary>The largest difference that counts as equal.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Whether something was compared and all of it is equal.</summary>
    public bool Passed => Compared > 0 && Faults.Count == 0;

    internal static GoldenReport Of(IReadOnlyList<GoldenDifference> found, int cases) => new(
        cases,
        found.Count,
        found.MaxBy(difference => difference.Size),
        found.Where(difference => difference.What == "mean loss").MaxBy(difference => difference.Size),
        [.. found.Where(difference => difference.Size > Tolerance)]);
}

/// <summary>Reference numbers that can't be read.</summary>
public sealed class GoldenFileException : ModelFileException
{
    internal GoldenFileException(string path, string found, Exception? inner = null)
        : base(path, $"'{path}' can't be used: {found}. Put the reference numbers of this model beside it, or don't verify it.", inner)
    {
    }
}
