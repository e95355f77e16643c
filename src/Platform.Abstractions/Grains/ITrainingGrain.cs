using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>One training job, on a trainer silo. Key: <c>{tenant}/{job}</c>.</summary>
/// <remarks>
/// A job that runs goes on after the death of its silo: a trainer silo that lives activates it again within seconds, and it continues from its
/// last checkpoint. Every call may be repeated.
/// </remarks>
[Alias("training"), GrainInterfaceType("training")]
public interface ITrainingGrain : IGrainWithStringKey
{
    /// <summary>Starts a job; the same recipe once more changes nothing.</summary>
    /// <param name="recipe">A training recipe, JSON, UTF-8.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.Invalid"/>: the recipe breaks rules, or the job exists with another one.</exception>
    [Alias("submit")]
    Task<TrainingReport> SubmitAsync(byte[] recipe, CancellationToken cancellationToken);

    /// <summary>How it goes; null if there is no such job.</summary>
    [Alias("report"), AlwaysInterleave]
    Task<TrainingReport?> ReportAsync(CancellationToken cancellationToken);

    /// <summary>Saves and stops it; one that is not running stays as it is.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Invalid"/>: there is no such job.</exception>
    [Alias("cancel"), ResponseTimeout("00:02:00")]
    Task<TrainingReport> CancelAsync(CancellationToken cancellationToken);

    /// <summary>Goes on with a job that was cancelled or failed; one that runs or is done stays as it is.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Invalid"/>: there is no such job.</exception>
    [Alias("resume")]
    Task<TrainingReport> ResumeAsync(CancellationToken cancellationToken);
}
