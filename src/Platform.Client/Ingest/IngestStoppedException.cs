namespace Platform.Client.Ingest;

/// <summary>An ingest that ended before its source did: the key or the index is not right, or the service stayed away through all retries.</summary>
public sealed class IngestStoppedException : PlatformClientException
{
    /// <summary>Makes one.</summary>
    /// <param name="cause">Why it stopped.</param>
    /// <param name="summary">What became of the items read until then.</param>
    public IngestStoppedException(PlatformClientException cause, IngestSummary summary)
        : base(cause.Problem, cause.RetryAfter, cause) => Summary = summary;

    /// <summary>What became of the items read until then; none that was read is missing.</summary>
    public IngestSummary Summary { get; }
}
