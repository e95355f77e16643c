using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Training;

/// <summary>Asks every job of a tenant how it goes.</summary>
[RolePlacement(Role.Index)]
internal sealed class TrainingCatalogueGrain(RunningJobs jobs) : Grain, ITrainingCatalogueGrain
{
    /// <inheritdoc/>
    public async Task<TrainingReport[]> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> keys = await jobs.OfTenantAsync(this.GetPrimaryKeyString(), cancellationToken);
        TrainingReport?[] reports = await Task.WhenAll(keys.Select(key => GrainFactory.GetGrain<ITrainingGrain>(key).ReportAsync(cancellationToken)));
        return [.. reports.OfType<TrainingReport>()];
    }
}
