using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>Lists a tenant's training jobs. Key: <c>{tenant}</c>.</summary>
[Alias("training-catalogue"), GrainInterfaceType("training-catalogue")]
public interface ITrainingCatalogueGrain : IGrainWithStringKey
{
    /// <summary>All jobs by ascending name.</summary>
    [Alias("list")]
    Task<TrainingReport[]> ListAsync(CancellationToken cancellationToken);
}
