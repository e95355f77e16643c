using Microsoft.Extensions.Options;

namespace Platform.Silo.Elastic;

/// <summary>How shards split and move by themselves. Section <c>Elastic</c>.</summary>
public sealed class ElasticOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Elastic";

    /// <summary>How long a replaced shard still answers the queries that began with the old map. Default 1 min; at least the longest deadline of a query.</summary>
    public TimeSpan RetiredLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether shards move between index silos by themselves. Default true.</summary>
    public bool Balance { get; set; } = true;

    /// <summary>How often the shards' bytes and loads are looked at. Default 5 s.</summary>
    public TimeSpan BalanceInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Shards begin to move when the fullest silo has this many times the mean. Default 1.2.</summary>
    public double MoveAbove { get; set; } = 1.2;

    /// <summary>They stop when it has this many times the mean: less than <see cref="MoveAbove"/>, so that nothing goes to and fro. Default 1.1.</summary>
    public double MoveUntil { get; set; } = 1.1;

    /// <summary>The most shards that move in one interval. Default 4.</summary>
    public int MovesPerInterval { get; set; } = 4;

    /// <summary>A shard that has moved stays for so long. Default 30 s.</summary>
    public TimeSpan StayAfterMove { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A shard of more bytes is split in two; 0 (default) splits none by itself.</summary>
    public long SplitAtBytes { get; set; }
}

/// <summary>Reports every fault of <see cref="ElasticOptions"/> at once.</summary>
internal sealed class ElasticOptionsValidator : IValidateOptions<ElasticOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ElasticOptions options)
    {
        List<string> faults = [];
        CheckRange(faults, "RetiredLifetime in seconds", options.RetiredLifetime.TotalSeconds, 0.1, 86_400);
        CheckRange(faults, "BalanceInterval in seconds", options.BalanceInterval.TotalSeconds, 0.1, 3_600);
        CheckRange(faults, "MoveAbove", options.MoveAbove, 1.01, 100);
        CheckRange(faults, "MoveUntil", options.MoveUntil, 1, options.MoveAbove);
        CheckRange(faults, "MovesPerInterval", options.MovesPerInterval, 1, 1_000);
        CheckRange(faults, "StayAfterMove in seconds", options.StayAfterMove.TotalSeconds, 0, 86_400);
        if (options.SplitAtBytes is not 0 and < 1 << 20)
        {
            faults.Add($"{ElasticOptions.Section}:SplitAtBytes is {options.SplitAtBytes}; it must be 0 or at least 1,048,576.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckRange(List<string> faults, string what, double value, double lowest, double highest)
    {
        if (!(value >= lowest && value <= highest))
        {
            faults.Add($"{ElasticOptions.Section}:{what} is {value}; it must be {lowest} to {highest}.");
        }
    }
}
