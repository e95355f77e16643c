namespace Platform.Client.Ingest;

/// <summary>Counts the fates of an ingest's items. Thread-safe.</summary>
internal sealed class IngestTally(int maxListedFailures)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Enum.GetValues<IngestStatus>().Length];
    private readonly List<IngestResult> _failures = [];
    private long _bytes;

    /// <summary>Counts the items of one batch.</summary>
    /// <param name="results">Their fates.</param>
    /// <param name="acknowledgedBytes">Bytes of those acknowledged.</param>
    /// <param name="report">Called with acknowledged and failed items and bytes; one call at a time, never falling.</param>
    public void Add(IngestResult[] results, long acknowledgedBytes, Action<long, long, long> report)
    {
        lock (_lock)
        {
            foreach (IngestResult result in results)
            {
                _counts[(int)result.Status]++;
                if (!result.IsAcknowledged && _failures.Count < maxListedFailures)
                {
                    _failures.Add(result);
                }
            }

            _bytes += acknowledgedBytes;
            long failed = Count(IngestStatus.Failed) + Count(IngestStatus.Unknown);
            report(_counts.Sum() - failed, failed, _bytes);
        }
    }

    public IngestSummary Summary(long read, BatchSender sender, TimeSpan elapsed)
    {
        lock (_lock)
        {
            return new IngestSummary
            {
                Read = read,
                Created = Count(IngestStatus.Created),
                Updated = Count(IngestStatus.Updated),
                Deleted = Count(IngestStatus.Deleted),
                NotFound = Count(IngestStatus.NotFound),
                Failed = Count(IngestStatus.Failed),
                Unknown = Count(IngestStatus.Unknown),
                Bytes = _bytes,
                Requests = sender.Requests,
                Retries = sender.Retries,
                Elapsed = elapsed,
                Failures = [.. _failures],
            };
        }
    }

    private long Count(IngestStatus status) => _counts[(int)status];
}
