using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Storage;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Silo.Training;

/// <summary>Holds one job's identity and fate; the work is <see cref="TrainingRunner"/>'s.</summary>
[RolePlacement(Role.Trainer)]
internal sealed class TrainingGrain(
    [PersistentState("training", BlobGrainStorage.ProviderName)] IPersistentState<TrainingJobState> state,
    TrainingRunner runner, RunningJobs jobs, ILocalSiloDetails silo) : Grain, ITrainingGrain, IDisposable
{
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromMinutes(1);

    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;
    private LatestProgress _progress = new();

    private string Key => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ = this.RegisterGrainTimer(KeepAliveAsync, new GrainTimerCreationOptions(TimeSpan.Zero, KeepAliveEvery));
        if (state.State is { Recipe: not null, Phase: TrainingPhase.Running })
        {
            await BeginAsync(cancellationToken);                 // its silo died or was stopped
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_stop is not null)
        {
            await _stop.CancelAsync();                           // it saves itself; the phase stays Running, so another silo goes on
            try
            {
                await _run.WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or Orleans.Storage.InconsistentStateException)
            {
                // Not saved in time, or another activation has the job: it goes on from an older checkpoint.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop?.Dispose();

    /// <inheritdoc/>
    public async Task<TrainingReport> SubmitAsync(byte[] recipe, CancellationToken cancellationToken)
    {
        string job = Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (!Names.IsValid(job))
        {
            throw new PlatformException(FaultKind.Invalid, $"The job's name is '{job}'; it must be {Names.Rule}.");
        }

        TrainingRecipe parsed = TrainingRules.Parse(job, recipe);
        if (state.State.Recipe is { } existing)
        {
            return RecipeFile.HashOf(TrainingRules.Parse(job, existing)) == RecipeFile.HashOf(parsed)
                ? Report()
                : throw new PlatformException(FaultKind.Invalid, $"Job '{job}' exists with another recipe. Choose another name.");
        }

        await jobs.NoteAsync(Key, cancellationToken);
        state.State = new TrainingJobState { Recipe = recipe, Steps = parsed.Steps, Phase = TrainingPhase.Running };
        await BeginAsync(cancellationToken);
        return Report();
    }

    /// <inheritdoc/>
    public Task<TrainingReport?> ReportAsync(CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Recipe is null ? null : Report());

    /// <inheritdoc/>
    public async Task<TrainingReport> CancelAsync(CancellationToken cancellationToken)
    {
        Demand();
        if (state.State.Phase == TrainingPhase.Running && _stop is not null)
        {
            await _stop.CancelAsync();
            await _run.WaitAsync(cancellationToken);
            if (state.State.Phase == TrainingPhase.Running)      // else it ended by itself meanwhile
            {
                state.State.Phase = TrainingPhase.Cancelled;
                await state.WriteStateAsync(cancellationToken);
                await jobs.EndAsync(Key, cancellationToken);
            }
        }

        return Report();
    }

    /// <inheritdoc/>
    public async Task<TrainingReport> ResumeAsync(CancellationToken cancellationToken)
    {
        Demand();
        if (state.State.Phase is TrainingPhase.Cancelled or TrainingPhase.Failed)
        {
            await jobs.NoteAsync(Key, cancellationToken);
            state.State.Phase = TrainingPhase.Running;
            state.State.Fault = null;
            await BeginAsync(cancellationToken);
        }

        return Report();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        state.State.Attempts++;
        state.State.Silo = silo.SiloAddress.ToParsableString();
        await state.WriteStateAsync(cancellationToken);
        _stop?.Dispose();
        _stop = new CancellationTokenSource();
        _progress = new LatestProgress();
        _run = RunAsync(_progress, _stop);
    }

    private Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        if (!_run.IsCompleted)
        {
            DelayDeactivation(KeepAliveEvery * 2);
        }

        return Task.CompletedTask;
    }

    private async Task RunAsync(LatestProgress progress, CancellationTokenSource stop)
    {
        try
        {
            TrainingRecipe recipe = TrainingRules.Parse(Key, state.State.Recipe!);
            TrainingOutcome outcome = await runner.RunAsync(Key, recipe, progress, stop.Token);
            if (outcome.Model is { } model)
            {
                state.State.Phase = TrainingPhase.Done;
                state.State.Model = $"{model.Manifest.Id}@{model.Manifest.Version}";
            }

            state.State.Step = outcome.State.Step;
            state.State.Best = outcome.State.Best?.NdcgAt10 ?? state.State.Best;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;                                              // it had not begun
        }
        catch (TrainingFolderBusyException)
        {
            DeactivateOnIdle();                                  // an activation elsewhere still holds on; the keeper tries again
            return;
        }
#pragma warning disable CA1031 // a job's fault is its result
        catch (Exception e)
#pragma warning restore CA1031
        {
            state.State.Phase = TrainingPhase.Failed;
            state.State.Fault = e.Message;
        }

        await state.WriteStateAsync(CancellationToken.None);
        if (state.State.Phase is TrainingPhase.Done or TrainingPhase.Failed)
        {
            await jobs.EndAsync(Key, CancellationToken.None);
        }
    }

    private void Demand()
    {
        if (state.State.Recipe is null)
        {
            throw new PlatformException(FaultKind.Invalid, $"There is no training job '{Key}'. Submit it first.");
        }
    }

    private TrainingReport Report()
    {
        TrainingJobState job = state.State;
        TrainingProgress? now = job.Phase == TrainingPhase.Running ? _progress.Latest : null;
        return new TrainingReport
        {
            Job = Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..],
            Phase = job.Phase,
            Step = Math.Max(job.Step, now?.Step ?? 0),
            Steps = job.Steps,
            Loss = now?.Loss ?? 0,
            RankingLoss = now?.RankingLoss ?? 0,
            LearningRate = now?.LearningRate ?? 0,
            QueryTerms = now?.QueryTerms ?? 0,
            PassageTerms = now?.PassageTerms ?? 0,
            TokensPerSecond = now?.TokensPerSecond ?? 0,
            TimeLeft = now?.TimeLeft,
            DevelopmentNdcgAt10 = now?.Best?.NdcgAt10 ?? job.Best,
            Model = job.Model,
            Fault = job.Fault,
            Attempts = job.Attempts,
            Silo = job.Silo,
        };
    }

    /// <summary>The last figures a job told, read by the grain and written by the job's thread.</summary>
    private sealed class LatestProgress : IProgress<TrainingProgress>
    {
        private volatile TrainingProgress? _latest;

        public TrainingProgress? Latest => _latest;

        public void Report(TrainingProgress value)
        {
            if (value.Notice is null)
            {
                _latest = value;
            }
        }
    }
}

/// <summary>What is stored of a job.</summary>
internal sealed class TrainingJobState
{
    /// <summary>The recipe as submitted; null for no job.</summary>
    public byte[]? Recipe { get; set; }

    /// <summary>Optimiser steps in all.</summary>
    public int Steps { get; set; }

    /// <summary>Optimiser steps done when it last ended.</summary>
    public int Step { get; set; }

    /// <summary>Where it stands.</summary>
    public TrainingPhase Phase { get; set; }

    /// <summary>As <c>id@version</c>.</summary>
    public string? Model { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Fault { get; set; }

    /// <summary>The best nDCG@10.</summary>
    public double? Best { get; set; }

    /// <summary>How often it began.</summary>
    public int Attempts { get; set; }

    /// <summary>Where it ran last.</summary>
    public string? Silo { get; set; }
}
