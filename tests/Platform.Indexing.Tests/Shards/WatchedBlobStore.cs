using System.Collections.Concurrent;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Shards;

/// <summary>Records every call before it reaches another store, and can hold some of them back.</summary>
internal sealed class WatchedBlobStore(IBlobStore inner) : IBlobStore
{
    private volatile Hold? _hold;

    /// <summary>What was called, in order: <c>append s/log/1</c>, for example.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Holds back, from now on, every call whose record starts with a text.</summary>
    public Hold HoldBack(string start) => _hold = new Hold(start);

    public int MaxAppends { get; init; } = inner.MaxAppends;

    public async Task<Blob?> GetAsync(string name, CancellationToken cancellationToken)
    {
        await PassAsync($"get {name}");
        return await inner.GetAsync(name, cancellationToken);
    }

    public async Task<string?> GetETagAsync(string name, CancellationToken cancellationToken)
    {
        await PassAsync($"tag {name}");
        return await inner.GetETagAsync(name, cancellationToken);
    }

    public async Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        await PassAsync($"range {name}");
        return await inner.GetRangeAsync(name, offset, length, cancellationToken);
    }

    public async Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken)
    {
        await PassAsync($"map {name}");
        return await inner.MapAsync(name, cancellationToken);
    }

    public async Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken)
    {
        await PassAsync($"put {name}");
        return await inner.PutAsync(name, content, ifMatch, cancellationToken);
    }

    public async Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await PassAsync($"append {name}");
        await inner.AppendAsync(name, position, content, cancellationToken);
    }

    public async Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await PassAsync($"list {prefix}");
        return await inner.ListAsync(prefix, cancellationToken);
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await PassAsync($"delete {name}");
        await inner.DeleteAsync(name, cancellationToken);
    }

    private Task PassAsync(string call)
    {
        Calls.Enqueue(call);
        return _hold is Hold hold && call.StartsWith(hold.Start, StringComparison.Ordinal) ? hold.WaitAsync() : Task.CompletedTask;
    }

    /// <summary>A gate before some calls.</summary>
    internal sealed class Hold(string start)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Start { get; } = start;

        /// <summary>Ends when the first call stands at the gate; a call that never comes fails the test rather than hang it.</summary>
        public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

        /// <summary>Lets all calls pass, now and later.</summary>
        public void Release() => _released.TrySetResult();

        /// <summary>Makes all calls fail, now and later.</summary>
        public void Fail() => _released.TrySetException(new IOException("The store failed."));

        public Task WaitAsync()
        {
            _reached.TrySetResult();
            return _released.Task;
        }
    }
}
