using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>Counts the documents of an ingest by fate. One thread adds results; lines that are no documents may come from another.</summary>
internal sealed class Tally
{
    private readonly long[] _fates = new long[Enum.GetValues<IngestStatus>().Length];
    private long _badLines;
    private long _bytes;

    /// <summary>Lines that were no documents.</summary>
    public long BadLines => Interlocked.Read(ref _badLines);

    /// <summary>Documents whose operation is durable.</summary>
    public long Acknowledged => Of(IngestStatus.Created) + Of(IngestStatus.Updated) + Of(IngestStatus.Deleted) + Of(IngestStatus.NotFound);

    /// <summary>Bytes acknowledged.</summary>
    public long Bytes
    {
        get => Interlocked.Read(ref _bytes);
        set => Interlocked.Exchange(ref _bytes, value);
    }

    /// <summary>Counts a document.</summary>
    public void Add(IngestStatus fate) => _fates[(int)fate]++;

    /// <summary>Counts a line that is no document.</summary>
    public void AddBadLine() => Interlocked.Increment(ref _badLines);

    /// <summary>The counts as a report.</summary>
    public IngestReport Report(string index, TimeSpan elapsed, Problem? stopped) => new()
    {
        Index = index,
        Read = _fates.Sum() + BadLines,
        Created = Of(IngestStatus.Created),
        Updated = Of(IngestStatus.Updated),
        Deleted = Of(IngestStatus.Deleted),
        NotFound = Of(IngestStatus.NotFound),
        Failed = Of(IngestStatus.Failed) + BadLines,
        Unknown = Of(IngestStatus.Unknown),
        Bytes = Bytes,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        DocumentsPerSecond = elapsed > TimeSpan.Zero ? Math.Round(Acknowledged / elapsed.TotalSeconds, 1) : 0,
        Stopped = stopped,
    };

    private long Of(IngestStatus fate) => _fates[(int)fate];
}
