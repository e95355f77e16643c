using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Grains;

/// <summary>Snapshots of tenant acme's indexes as tests take and restore them.</summary>
internal sealed class SnapshotDriving(RunningSilo silo, string index)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public ISnapshotGrain Grain
    {
        get
        {
            CallContext.ActFor("acme");
            return silo.Grains.GetGrain<ISnapshotGrain>($"acme/{index}");
        }
    }

    /// <summary>Takes a snapshot.</summary>
    public async Task<SnapshotReport> TakeAsync(string name)
    {
        IndexOperation ended = await EndOfAsync(await Grain.BeginAsync(name, default));
        Assert.True(ended.State == IndexOperationState.Done, ended.Message);
        return (await Grain.ListAsync(default)).Single(snapshot => snapshot.Name == name);
    }

    /// <summary>Makes an index of a snapshot.</summary>
    public async Task RestoreAsync(string name, string target, int shards)
    {
        IndexOperation ended = await EndOfAsync(await Grain.BeginRestoreAsync(name, target, shards, default));
        Assert.True(ended.State == IndexOperationState.Done, ended.Message);
    }

    /// <summary>The operation once it has ended.</summary>
    public async Task<IndexOperation> EndOfAsync(IndexOperation operation)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (operation.State == IndexOperationState.Running)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            operation = (await Grain.ListOperationsAsync(limit.Token)).Single(one => one.Id == operation.Id);
        }

        return operation;
    }
}
