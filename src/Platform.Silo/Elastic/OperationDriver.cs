using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Silo.Storage;

namespace Platform.Silo.Elastic;

/// <summary>Carries an index's operation from the step that the state says to its end. See README.md for the steps.</summary>
/// <remarks>It runs beside the index grain's calls, on its scheduler; its only memory is the state, so that it can begin anywhere.</remarks>
internal sealed partial class OperationDriver(
    IndexKey key, StateCell<IndexState> cell, IBlobStore store, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    private const int AttemptsBeforeTakingBack = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(30);

    private long _pausedSince;

    /// <summary>Goes on until no operation runs, or it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        CallContext.ActFor(key.Tenant);
        int failures = 0;
        while (cell.Current is { Definition: { } definition, Running: { } operation } && !stopping.IsCancellationRequested)
        {
            try
            {
                await StepAsync(definition, operation, stopping);
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (InconsistentStateException)
            {
                return;                                      // another activation goes on with it
            }
#pragma warning disable CA1031 // whatever it is, the step is done again or the change taken back
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogStepFailed(operation.Step, operation.Id, key.ToString(), e.Message);
                await AfterFailureAsync(operation, ++failures, e.Message, stopping);
            }
        }
    }

    private async Task AfterFailureAsync(IndexOperation operation, int failures, string reason, CancellationToken stopping)
    {
        try
        {
            if (failures >= AttemptsBeforeTakingBack && CanBeTakenBack(operation.Step))
            {
                await NextAsync(operation, OperationStep.TakingBack, $"Step '{operation.Step}' failed {failures} times; the last time: {reason}");
            }
            else
            {
                TimeSpan wait = FirstWait * Math.Pow(2, Math.Min(failures, 10) - 1);
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, stopping);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InconsistentStateException or InvalidOperationException)
        {
            LogStepFailed(operation.Step, operation.Id, key.ToString(), e.Message);      // the grain leaves, or the store fails: whoever comes next goes on
        }
    }

    private Task StepAsync(IndexDefinition definition, IndexOperation operation, CancellationToken stopping)
    {
        ShardChange change = operation.Changes[operation.Done];
        if (operation.CancelRequested && CanBeTakenBack(operation.Step))
        {
            return operation.Step is OperationStep.Sealing or OperationStep.Moving
                ? EndAsync(operation, IndexOperationState.Cancelled)
                : NextAsync(operation, OperationStep.TakingBack, "It was cancelled.");
        }

        return operation.Step switch
        {
            OperationStep.Sealing => SealAsync(definition, operation, change, stopping),
            OperationStep.Retiring => RetireAsync(definition, operation, change, stopping),
            OperationStep.Making => MakeAsync(definition, operation, change, stopping),
            OperationStep.Warming => WarmAndSwitchAsync(definition, operation, change, stopping),
            OperationStep.Compacting => CompactAsync(definition, operation, change, stopping),
            OperationStep.TakingBack => TakeBackAsync(definition, operation, change, stopping),
            OperationStep.Moving => MoveAsync(definition, operation, change, stopping),
            _ => throw new InvalidDataException($"Operation '{operation.Id}' of index '{key}' is at step '{operation.Step}', which this build does not know. Upgrade the silo."),
        };
    }

    private static bool CanBeTakenBack(string step) =>
        step is OperationStep.Sealing or OperationStep.Retiring or OperationStep.Making or OperationStep.Warming or OperationStep.Moving;

    private async Task SealAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        await ForEachAsync(definition, change.Sources, shard => shard.SealAsync(stopping), stopping);
        await NextAsync(operation, operation.Kind == IndexOperationKind.Move ? OperationStep.Moving : OperationStep.Retiring);
    }

    private async Task RetireAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        _pausedSince = time.GetTimestamp();
        await ForEachAsync(definition, change.Sources, shard => shard.RetireAsync(operation.Id, stopping), stopping);
        await NextAsync(operation, OperationStep.Making);
    }

    private async Task MakeAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        string[] sources = [.. change.Sources.Select(ordinal => ShardFolder.Of(KeyOf(definition, ordinal)))];
        await Task.WhenAll(change.Targets.Select(target => Task.Run(
            () => Shard.MakeAsync(store, ShardFolder.Of(KeyOf(definition, target.Ordinal)), new BucketRange(target.FirstBucket, target.LastBucket), sources, stopping),
            stopping)));
        await NextAsync(operation, OperationStep.Warming);
    }

    private async Task WarmAndSwitchAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        await ForEachAsync(definition, change.Targets.Select(target => target.Ordinal), shard => shard.ReportAsync(stopping), stopping);
        TimeSpan pause = _pausedSince == 0 ? TimeSpan.Zero : time.GetElapsedTime(_pausedSince);
        await cell.UpdateAsync(state => state.AfterSwitch(operation.Id, change, pause, time.GetUtcNow()));
        LogSwitched(operation.Id, key.ToString(), string.Join(",", change.Sources), string.Join(",", change.Targets.Select(target => target.Ordinal)), (long)pause.TotalMilliseconds);
    }

    /// <summary>One shard after another, so that the machine keeps room for queries.</summary>
    private async Task CompactAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        foreach (ShardRange target in change.Targets)
        {
            if (definition.Shards.Ranges.Any(range => range.Ordinal == target.Ordinal))
            {
                await ShardOf(definition, target.Ordinal).CompactAsync(stopping).WaitAsync(stopping);
            }
        }

        await ChangeDoneAsync(operation);
    }

    private async Task TakeBackAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        await ForEachAsync(definition, change.Targets.Select(target => target.Ordinal), shard => shard.DestroyAsync(stopping), stopping);
        await ForEachAsync(definition, change.Sources, shard => shard.ReviveAsync(stopping), stopping);
        await EndAsync(operation, operation.CancelRequested ? IndexOperationState.Cancelled : IndexOperationState.Failed);
    }

    private async Task MoveAsync(IndexDefinition definition, IndexOperation operation, ShardChange change, CancellationToken stopping)
    {
        IShardGrain shard = ShardOf(definition, change.Sources[0]);
        long begun = time.GetTimestamp();
        while ((await shard.ReportAsync(stopping).WaitAsync(stopping)).Silo != change.Silo)
        {
            if (time.GetElapsedTime(begun) > MoveLimit)
            {
                throw new TimeoutException($"Shard {change.Sources[0]} did not come to silo {change.Silo} within {MoveLimit.TotalSeconds} s.");
            }

            await shard.MoveAsync(change.Silo!, stopping).WaitAsync(stopping);
            await Task.Delay(FirstWait, time, stopping);
        }

        await ChangeDoneAsync(operation);
    }

    private Task<IndexState> ChangeDoneAsync(IndexOperation operation) => cell.UpdateAsync(state =>
    {
        IndexState done = state.WithRunning(operation.Id, running => running with { Done = running.Done + 1, Step = OperationStep.Sealing, Message = null });
        return done.Running is not { } running ? done
            : running.Done == running.Changes.Length ? done.AfterEnd(operation.Id, IndexOperationState.Done, time.GetUtcNow())
            : running.CancelRequested ? done.AfterEnd(operation.Id, IndexOperationState.Cancelled, time.GetUtcNow())
            : done;
    });

    private Task<IndexState> NextAsync(IndexOperation operation, string step, string? message = null) =>
        cell.UpdateAsync(state => state.WithRunning(operation.Id, running => running with { Step = step, Message = message }));

    private Task<IndexState> EndAsync(IndexOperation operation, IndexOperationState ended) =>
        cell.UpdateAsync(state => state.AfterEnd(operation.Id, ended, time.GetUtcNow()));

    private Task ForEachAsync(IndexDefinition definition, IEnumerable<int> ordinals, Func<IShardGrain, Task> call, CancellationToken stopping) =>
        Task.WhenAll(ordinals.Select(ordinal => call(ShardOf(definition, ordinal)))).WaitAsync(stopping);

    private IShardGrain ShardOf(IndexDefinition definition, int ordinal) => grains.GetGrain<IShardGrain>(KeyOf(definition, ordinal).ToString());

    private ShardKey KeyOf(IndexDefinition definition, int ordinal) => new(key.Tenant, key.Index, definition.Generation, ordinal);

    [LoggerMessage(LogLevel.Warning, "Step {Step} of operation {Operation} on index {Index} failed: {Reason}")]
    private partial void LogStepFailed(string step, string operation, string index, string reason);

    [LoggerMessage(LogLevel.Information, "Operation {Operation} on index {Index} put shards {Targets} in the place of {Sources}; writes waited {PauseMilliseconds} ms")]
    private partial void LogSwitched(string operation, string index, string sources, string targets, long pauseMilliseconds);
}
