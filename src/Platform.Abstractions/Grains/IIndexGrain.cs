using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>The identity of one index: its definition, its shard map, its figures. Key: <c>{tenant}/{index}</c>, see <see cref="IndexKey"/>.</summary>
[Alias("index"), GrainInterfaceType("index")]
public interface IIndexGrain : IGrainWithStringKey
{
    /// <summary>Makes the index real; called by its tenant's catalogue.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexExists"/>.</exception>
    [Alias("create"), ResponseTimeout("00:10:00")]
    Task<IndexDefinition> CreateAsync(NewIndex index, CancellationToken cancellationToken);

    /// <summary>The definition, or null if there is no such index.</summary>
    [Alias("get"), AlwaysInterleave]
    Task<IndexDefinition?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Forgets the index, then its shards' data; false if there was none. A crash in between leaves no index, only bytes that the next deletion of the name removes.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken);

    /// <summary>The figures of every shard that answers.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>.</exception>
    [Alias("report"), AlwaysInterleave]
    Task<IndexReport> ReportAsync(CancellationToken cancellationToken);

    /// <summary>One document's stored bytes; null if there is none.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>, <see cref="FaultKind.Unavailable"/>.</exception>
    [Alias("get-document"), AlwaysInterleave]
    Task<FoundDocument?> GetDocumentAsync(string documentKey, CancellationToken cancellationToken);
}
