using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Storage;
using Platform.Silo.Elastic;

namespace Platform.Silo.Tests.Elastic;

/// <summary>A crash right before or right after each step of a split and a merge is noted: what comes after goes on, or takes it back, and nothing is lost.</summary>
public sealed class CrashAtEveryStepTests
{
    public static TheoryData<IndexOperationKind, string, bool> Moments()
    {
        var moments = new TheoryData<IndexOperationKind, string, bool>();
        string[] steps =
        [
            OperationStep.Sealing, OperationStep.Retiring, OperationStep.Making, OperationStep.Warming, OperationStep.Compacting,
        ];
        foreach (IndexOperationKind kind in (IndexOperationKind[])[IndexOperationKind.Split, IndexOperationKind.Merge])
        {
            foreach (string step in steps)
            {
                moments.Add(kind, step, true);
                moments.Add(kind, step, false);
            }
        }

        moments.Add(IndexOperationKind.Split, OperationStep.TakingBack, true);
        moments.Add(IndexOperationKind.Merge, OperationStep.TakingBack, true);
        return moments;
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task After_a_crash_every_acknowledged_document_is_there_once_and_the_operation_has_ended(IndexOperationKind kind, string step, bool isWritten)
    {
        var silo = new RunningSilo();
        CrashingBlobStore? crashing = null;
        silo.NewStore = () => crashing = new CrashingBlobStore(new FileBlobStore(silo.DataDirectory, TimeProvider.System), step, isWritten);
        await silo.InitializeAsync();
        try
        {
            await silo.CreateAsync("crash", kind == IndexOperationKind.Split ? 1 : 4);
            var index = new IndexDriver(silo, "crash");
            IngestItem[] first = [.. Enumerable.Range(0, 60).Select(i => IndexDriver.Upsert($"k{i}", $"common first{i}"))];
            await index.ApplyAsync(first);
            await WriteUntilCrashAsync(index, kind, crashing!, cancels: step == OperationStep.TakingBack);

            silo.NewStore = null;
            await silo.RestartAsync();
            IndexOperation? ended = await EndedAsync(index);
            Assert.True(ended is null == (step == OperationStep.Sealing && !isWritten), "an operation that was noted is forgotten, or another one is there");
            int expected = ended?.State == IndexOperationState.Done ? (kind == IndexOperationKind.Split ? 4 : 2) : (kind == IndexOperationKind.Split ? 1 : 4);
            CallContext.ActFor("acme");
            Assert.Equal(expected, (await index.Index.GetAsync(default))!.Shards.Ranges.Length);
            await index.AssertHoldsAsync();

            var texts = index.Texts.ToDictionary();
            Assert.All(await index.ApplyAsync(first), status => Assert.Equal(ItemStatus.Created, status));
            index.Texts.Clear();
            texts.ToList().ForEach(text => index.Texts[text.Key] = text.Value);
            await index.ApplyAsync([.. Enumerable.Range(0, 30).Select(i => IndexDriver.Upsert($"k{i}", $"common last{i}"))]);
            await index.CleanedAsync();
            await index.AssertHoldsAsync();
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>Begins the operation and writes beside it, until the crash; a write without an answer is sent again after it, as a client would.</summary>
    private static async Task WriteUntilCrashAsync(IndexDriver index, IndexOperationKind kind, CrashingBlobStore store, bool cancels)
    {
        using var crash = new CancellationTokenSource();
        CallContext.ActFor("acme");
        Task<IndexOperation> begun = kind == IndexOperationKind.Split ? index.Index.SplitAsync(null, 4, default) : index.Index.MergeAsync(null, 2, default);
        Task cancelled = cancels ? CancelAsync(index, begun) : Task.CompletedTask;
        for (int i = 0; !store.Crashed.IsCompleted; i++)
        {
            IngestItem item = IndexDriver.Upsert($"n{i}", $"common new{i}");
            Task<ItemStatus[]> written = index.ApplyAsync([item], crash.Token);
            await Task.WhenAny(written, store.Crashed);
            if (store.Crashed.IsCompleted)
            {
                await crash.CancelAsync();                   // its silo is gone, and so is who waits there
                await Record.ExceptionAsync(() => written);
            }

            if (!written.IsCompletedSuccessfully || written.Result[0] == ItemStatus.Unknown)
            {
                index.Texts.Remove(item.DocumentKey);
                index.Pending.Add(item);
                break;
            }
        }

        await Record.ExceptionAsync(() => begun);
        await Record.ExceptionAsync(() => cancelled);
    }

    private static async Task CancelAsync(IndexDriver index, Task<IndexOperation> begun) => await index.Index.CancelOperationAsync((await begun).Id, default);

    private static async Task<IndexOperation?> EndedAsync(IndexDriver index)
    {
        CallContext.ActFor("acme");
        if ((await index.Index.ListOperationsAsync(default)).Length == 0)
        {
            await index.SendPendingAsync();
            return null;
        }

        IndexOperation ended = await index.EndAsync();
        await index.SendPendingAsync();
        return ended;
    }
}
