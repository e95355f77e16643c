using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>Documents to ingest, and where each came from.</summary>
internal interface IItemSource
{
    /// <summary>Told of each line that is no document; it fails alone.</summary>
    Action<LineOf, string>? BadLine { get; set; }

    /// <summary>The part that was read, 0 to 1; null if that is not known.</summary>
    double? FractionRead { get; }

    /// <summary>Streams the documents.</summary>
    IAsyncEnumerable<BulkItem> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Where a document came from, by its place in the stream, from 1.</summary>
    LineOf PlaceOf(long position);
}
