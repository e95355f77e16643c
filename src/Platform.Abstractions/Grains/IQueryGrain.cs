using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>Fans a query out over the shards of an index and merges their answers. A stateless worker on index silos. Key: <c>{tenant}/{index}</c>.</summary>
[Alias("query"), GrainInterfaceType("query")]
public interface IQueryGrain : IGrainWithStringKey
{
    /// <summary>Searches. A shard that fails or is late is named in the coverage.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>, <see cref="FaultKind.EncoderMismatch"/>, <see cref="FaultKind.Busy"/>; <see cref="FaultKind.DeadlineExceeded"/> or <see cref="FaultKind.Unavailable"/> if no shard answered.</exception>
    [Alias("search"), ResponseTimeout("00:01:10")]
    Task<SearchAnswer> SearchAsync(SearchCall search, CancellationToken cancellationToken);

    /// <summary>Counts the documents that match a filter, on every shard that answers; null counts all.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>.</exception>
    [Alias("count"), ResponseTimeout("00:01:10")]
    Task<DocumentCount> CountAsync(FilterNode? filter, CancellationToken cancellationToken);

    /// <summary>The next documents of the index in key order: those above the last of a page are the next page, whatever is written meanwhile.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.Invalid"/> for another generation; <see cref="FaultKind.Unavailable"/> if a shard does not answer.</exception>
    [Alias("scroll"), ResponseTimeout("00:01:10")]
    Task<ScrollPage> ScrollAsync(ScrollCall scroll, CancellationToken cancellationToken);

    /// <summary>Measures the sparse part of every shard that answers.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>.</exception>
    [Alias("measure-sparse"), ResponseTimeout("00:01:10")]
    Task<SparseIndexReport> MeasureSparseAsync(CancellationToken cancellationToken);

    /// <summary>Counts the documents that have each of some sparse terms, on every shard that answers.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>.</exception>
    [Alias("count-sparse-terms"), ResponseTimeout("00:01:10")]
    Task<SparseTermFrequencies> CountSparseTermsAsync(int[] termIds, CancellationToken cancellationToken);
}
