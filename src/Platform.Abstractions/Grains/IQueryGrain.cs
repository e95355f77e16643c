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
}
