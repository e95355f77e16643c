using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>What <c>ingest --json</c> says.</summary>
internal sealed record IngestReport
{
    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>Documents read.</summary>
    public required long Read { get; init; }

    /// <summary>New documents.</summary>
    public required long Created { get; init; }

    /// <summary>Replaced documents.</summary>
    public required long Updated { get; init; }

    /// <summary>Deleted documents.</summary>
    public required long Deleted { get; init; }

    /// <summary>Deletes of what was not there.</summary>
    public required long NotFound { get; init; }

    /// <summary>Documents that were not applied, lines that were no documents among them.</summary>
    public required long Failed { get; init; }

    /// <summary>Documents that may have been applied or not.</summary>
    public required long Unknown { get; init; }

    /// <summary>Bytes acknowledged.</summary>
    public required long Bytes { get; init; }

    /// <summary>Time from start to end, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Acknowledged documents a second.</summary>
    public required double DocumentsPerSecond { get; init; }

    /// <summary>Why it ended before the files did.</summary>
    public Problem? Stopped { get; init; }

    /// <summary>Documents whose operation is durable.</summary>
    public long Acknowledged => Created + Updated + Deleted + NotFound;
}
