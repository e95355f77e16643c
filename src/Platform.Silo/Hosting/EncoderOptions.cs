using Microsoft.Extensions.Options;
using Platform.Abstractions;

namespace Platform.Silo.Hosting;

/// <summary>The bounds of encoding on this silo. Section <c>Encoder</c>.</summary>
public sealed class EncoderOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Encoder";

    /// <summary>Document texts that wait for the lexical encoder; more are refused as busy. Default 16,384.</summary>
    public int MaxQueuedTexts { get; set; } = 16_384;

    /// <summary>A model's batch: texts times the tokens of the longest, at most; a longer text goes alone. Default 4,096, as 32 texts of 128 tokens.</summary>
    public int TokensPerBatch { get; set; } = 4096;

    /// <summary>Tokens that wait for a model's device, of queries and of documents each; more are refused as busy. Default 262,144.</summary>
    public int MaxQueuedTokens { get; set; } = 262_144;

    /// <summary>The model store's folder. Default <c>models</c> in the data folder.</summary>
    public string? ModelDirectory { get; set; }

    /// <summary>Models that the silo holds at once; for one more the idle one that was used longest ago is let go. Default 8.</summary>
    public int MaxModels { get; set; } = 8;

    /// <summary>Bytes of weights that the silo holds at once, in all models; beyond it idle ones are let go. Default 0: half of the memory that the process may use.</summary>
    public long MaxModelBytes { get; set; }

    /// <summary>What models compute on, told to the cluster: <c>cpu</c> (default), <c>cuda</c> or <c>cuda:1</c>.</summary>
    public string Device { get; set; } = "cpu";

    /// <summary>Threads of one operation on the processor; 0 (default) for the physical cores.</summary>
    public int Threads { get; set; }

    /// <summary>Whether a text's vector is the same to the last bit whatever stands beside it: alone, in float32, slower. Default false.</summary>
    public bool Deterministic { get; set; }
}

/// <summary>Reports every fault of <see cref="EncoderOptions"/> at once.</summary>
internal sealed class EncoderOptionsValidator : IValidateOptions<EncoderOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EncoderOptions options)
    {
        List<string> faults = [];
        CheckRange(faults, nameof(options.MaxQueuedTexts), options.MaxQueuedTexts, 1, 10_000_000);
        CheckRange(faults, nameof(options.TokensPerBatch), options.TokensPerBatch, 1, 1_000_000);
        CheckRange(faults, nameof(options.Threads), options.Threads, 0, 1024);
        CheckRange(faults, nameof(options.MaxQueuedTokens), options.MaxQueuedTokens, 1024, 100_000_000);
        CheckRange(faults, nameof(options.MaxModels), options.MaxModels, 1, 1000);
        if (options.MaxModelBytes < 0)
        {
            faults.Add(FormattableString.Invariant($"{EncoderOptions.Section}:{nameof(options.MaxModelBytes)} is {options.MaxModelBytes}; it must be at least 0, which stands for half of the memory."));
        }

        if (!EncoderName.TryParse($"any@any#{options.Device}", out _))
        {
            faults.Add($"{EncoderOptions.Section}:{nameof(options.Device)} is '{options.Device}'; it must be cpu, cuda or cuda:N.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckRange(List<string> faults, string what, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest)
        {
            faults.Add(FormattableString.Invariant($"{EncoderOptions.Section}:{what} is {value}; it must be {lowest} to {highest:N0}."));
        }
    }
}
