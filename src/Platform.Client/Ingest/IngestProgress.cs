namespace Platform.Client.Ingest;

/// <summary>How far an ingest has come; reported after each request, in order.</summary>
/// <param name="Read">Items taken from the source.</param>
/// <param name="Acknowledged">Items whose operation is durable.</param>
/// <param name="Failed">Items that failed or whose fate is unknown.</param>
/// <param name="Bytes">Bytes of NDJSON of the acknowledged items.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct IngestProgress(long Read, long Acknowledged, long Failed, long Bytes, TimeSpan Elapsed);
