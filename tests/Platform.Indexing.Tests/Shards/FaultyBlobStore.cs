using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Shards;

/// <summary>A store whose process dies at its n-th call: that call happens not at all, half, or wholly; no later one does.</summary>
/// <param name="inner">What survives.</param>
/// <param name="survive">Calls before the deadly one.</param>
/// <param name="death">What becomes of the deadly one.</param>
internal sealed class FaultyBlobStore(IBlobStore inner, int survive, Death death) : IBlobStore
{
    private int _calls;

    /// <summary>Whether the deadly call was made.</summary>
    public bool Dead => Volatile.Read(ref _calls) > survive;

    public int MaxAppends => inner.MaxAppends;

    public Task<Blob?> GetAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => inner.GetAsync(name, cancellationToken));

    public Task<string?> GetETagAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => inner.GetETagAsync(name, cancellationToken));

    public Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        CallAsync(() => inner.GetRangeAsync(name, offset, length, cancellationToken));

    public Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(() => inner.MapAsync(name, cancellationToken));

    public Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken) =>
        CallAsync(() => inner.PutAsync(name, content, ifMatch, cancellationToken));

    public Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            await inner.AppendAsync(name, position, content, cancellationToken);
            return true;
        },
        () => inner.AppendAsync(name, position, content[..(content.Length / 2)], cancellationToken));

    public Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ListAsync(prefix, cancellationToken));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await inner.DeleteAsync(name, cancellationToken);
        return true;
    });

    private async Task<T> CallAsync<T>(Func<Task<T>> call, Func<Task>? half = null)
    {
        int number = Interlocked.Increment(ref _calls);
        if (number <= survive)
        {
            return await call();
        }

        if (number == survive + 1 && death == Death.After)
        {
            await call();
        }
        else if (number == survive + 1 && death == Death.Half && half is not null)
        {
            await half();
        }

        throw new IOException($"The process died at its store call {survive + 1}.");
    }
}

/// <summary>What becomes of the call at which a process dies.</summary>
public enum Death
{
    /// <summary>Nothing reached the store.</summary>
    Before,

    /// <summary>Half the bytes of an append did; other calls are atomic.</summary>
    Half,

    /// <summary>It happened, and nobody heard of it.</summary>
    After,
}
