namespace Platform.Client.Ingest;

/// <summary>How a stream of items becomes bulk requests.</summary>
/// <remarks>
/// The source is never read further than <see cref="MaxRequestsInFlight"/> · <see cref="MaxItemsPerRequest"/> items beyond the
/// last one whose fate was handed to the caller: that is also the bound on memory.
/// </remarks>
public sealed class IngestOptions
{
    /// <summary>Items a request, 1 to 10,000. Default: 1,000.</summary>
    public int MaxItemsPerRequest { get; init; } = 1_000;

    /// <summary>Bytes of NDJSON a request, 1 KB to 64 MB; a larger item travels alone. Default: 4 MB.</summary>
    public int MaxBytesPerRequest { get; init; } = 4 * 1024 * 1024;

    /// <summary>Requests under way at once, 1 to 64. Default: 4.</summary>
    public int MaxRequestsInFlight { get; init; } = 4;

    /// <summary>How long an item waits for others to fill its request; infinite is allowed. Default: 1 second.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a request is sent again, with the same <c>Idempotency-Key</c>, for items not yet
    /// acknowledged, 0 to 100. Default: 10, about 40 seconds.</summary>
    public int MaxRetries { get; init; } = 10;

    /// <summary>How many failed items <see cref="IngestSummary.Failures"/> lists; all are counted. Default: 1,000.</summary>
    public int MaxListedFailures { get; init; } = 1_000;

    /// <summary>Every rule that these options break, one line each; empty if they are sound.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        Check(nameof(MaxItemsPerRequest), MaxItemsPerRequest, 1, 10_000);
        Check(nameof(MaxBytesPerRequest), MaxBytesPerRequest, 1024, 64 * 1024 * 1024);
        Check(nameof(MaxRequestsInFlight), MaxRequestsInFlight, 1, 64);
        Check(nameof(MaxRetries), MaxRetries, 0, 100);
        Check(nameof(MaxListedFailures), MaxListedFailures, 0, int.MaxValue);
        if (MaxWait != Timeout.InfiniteTimeSpan && (MaxWait <= TimeSpan.Zero || MaxWait > TimeSpan.FromDays(1)))
        {
            faults.Add($"MaxWait is {MaxWait}; it must be above 0 and at most 1 day, or infinite.");
        }

        return faults;

        void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{name} is {value}; it must be {least} to {most}.");
            }
        }
    }
}
