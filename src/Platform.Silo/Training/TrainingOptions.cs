using Microsoft.Extensions.Options;

namespace Platform.Silo.Training;

/// <summary>Where and how trainer silos train. Section <c>Training</c>.</summary>
public sealed class TrainingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Training";

    /// <summary>Checkpoints of jobs, <c>{tenant}/{job}</c>; a folder that all trainer silos share. Default <c>training</c> in the data folder.</summary>
    public string? WorkDirectory { get; set; }

    /// <summary>The folder of training data: recipes name plain files in it, <c>{tenant}/NAME</c>. Default <c>training-data</c> in the data folder.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Jobs that run at once on this silo; others wait. Default 1.</summary>
    public int MaxJobs { get; set; } = 1;

    /// <summary>Threads of an operation; 0 (default) for the physical cores. Results are the same bits for the same number.</summary>
    public int Threads { get; set; }

    /// <summary>How often a trainer silo looks for jobs that should run and do not. Default 5 s.</summary>
    public TimeSpan KeepEvery { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Reports every fault of <see cref="TrainingOptions"/> at once.</summary>
internal sealed class TrainingOptionsValidator : IValidateOptions<TrainingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TrainingOptions options)
    {
        List<string> faults = [];
        if (options.MaxJobs is < 1 or > 64)
        {
            faults.Add($"{TrainingOptions.Section}:MaxJobs is {options.MaxJobs}; it must be 1 to 64.");
        }

        if (options.Threads is < 0 or > 1024)
        {
            faults.Add($"{TrainingOptions.Section}:Threads is {options.Threads}; it must be 0 to 1024.");
        }

        if (options.KeepEvery < TimeSpan.FromMilliseconds(100) || options.KeepEvery > TimeSpan.FromHours(1))
        {
            faults.Add($"{TrainingOptions.Section}:KeepEvery is {options.KeepEvery}; it must be 0.1 s to 1 h.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
