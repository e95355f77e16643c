using Platform.Indexing.Storage;

namespace Platform.Silo.Tests.Grains;

/// <summary>Stands around a store: holds back every call for names that start with a text, until released, and says how much room there is.</summary>
internal sealed class StoreControl
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _start;

    /// <summary>The room that the store tells; null for its own.</summary>
    public StoreRoom? Room { get; set; }

    public void HoldBack(string start) => _start = start;

    public void Release() => _released.TrySetResult();

    public IBlobStore Around(IBlobStore inner) => new Store(this, inner);

    private Task PassAsync(string name) => _start is { } start && name.StartsWith(start, StringComparison.Ordinal) ? _released.Task : Task.CompletedTask;

    private sealed class Store(StoreControl hang, IBlobStore inner) : IBlobStore
    {
        public int MaxAppends => inner.MaxAppends;

        public Task<StoreRoom?> MeasureRoomAsync(CancellationToken cancellationToken) =>
            hang.Room is { } room ? Task.FromResult<StoreRoom?>(room) : inner.MeasureRoomAsync(cancellationToken);

        public async Task<Blob?> GetAsync(string name, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            return await inner.GetAsync(name, cancellationToken);
        }

        public async Task<string?> GetETagAsync(string name, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            return await inner.GetETagAsync(name, cancellationToken);
        }

        public async Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            return await inner.GetRangeAsync(name, offset, length, cancellationToken);
        }

        public async Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            return await inner.MapAsync(name, cancellationToken);
        }

        public async Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            return await inner.PutAsync(name, content, ifMatch, cancellationToken);
        }

        public async Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            await inner.AppendAsync(name, position, content, cancellationToken);
        }

        public async Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken)
        {
            await hang.PassAsync(prefix);
            return await inner.ListAsync(prefix, cancellationToken);
        }

        public async Task DeleteAsync(string name, CancellationToken cancellationToken)
        {
            await hang.PassAsync(name);
            await inner.DeleteAsync(name, cancellationToken);
        }
    }
}
