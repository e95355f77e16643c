using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>The catalogue of one tenant's indexes. Key: <c>{tenant}</c>.</summary>
[Alias("tenant"), GrainInterfaceType("tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Creates an index. Safe to repeat after a lost answer: the second call then says that it exists.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexExists"/>; <see cref="FaultKind.Invalid"/> if the definition breaks a rule; <see cref="FaultKind.EncoderMismatch"/> if its model is not there.</exception>
    [Alias("create-index"), ResponseTimeout("00:10:00")]
    Task<IndexDefinition> CreateIndexAsync(NewIndex index, CancellationToken cancellationToken);

    /// <summary>The tenant's indexes by ascending name.</summary>
    [Alias("list-indexes"), AlwaysInterleave]
    Task<IndexDefinition[]> ListIndexesAsync(CancellationToken cancellationToken);

    /// <summary>Deletes an index and all its documents; false if there was none.</summary>
    [Alias("delete-index")]
    Task<bool> DeleteIndexAsync(string name, CancellationToken cancellationToken);

    /// <summary>Ends a restore, and strikes out the name of the index that it did not come to make.</summary>
    /// <param name="name">The new index.</param>
    /// <param name="operation">The restore, by its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("abandon-index")]
    Task AbandonIndexAsync(string name, string operation, CancellationToken cancellationToken);
}
