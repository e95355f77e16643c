namespace Platform.Cli.Output;

/// <summary>Turns what was done into a rate and a time left.</summary>
internal sealed class WorkMeter(string noun, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    /// <summary>For example <c>12,345 documents, 3,210/s, 22 s left</c>.</summary>
    public string Describe(WorkDone done)
    {
        TimeSpan elapsed = Elapsed;
        List<string> parts = [Figures.Count(done.Done, noun)];
        if (elapsed > TimeSpan.Zero)
        {
            parts.Add(Figures.Rate(done.Done / elapsed.TotalSeconds));
        }

        if (done.Failed > 0)
        {
            parts.Add($"{Figures.Count(done.Failed)} failed");
        }

        if (done.Fraction is > 0 and < 1 and { } fraction)
        {
            parts.Add($"{Figures.Duration(elapsed * ((1 - fraction) / fraction))} left");
        }

        return string.Join(", ", parts);
    }
}

/// <summary>How far a piece of work has come.</summary>
/// <param name="Done">Items done.</param>
/// <param name="Failed">Items that failed.</param>
/// <param name="Fraction">The part of the whole, 0 to 1; null where the whole is not known.</param>
internal readonly record struct WorkDone(long Done, long Failed, double? Fraction);
