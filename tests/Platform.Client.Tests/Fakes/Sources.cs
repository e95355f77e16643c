using System.Runtime.CompilerServices;
using Platform.Client.Contracts;

namespace Platform.Client.Tests.Fakes;

/// <summary>Streams of items, and how far they were read.</summary>
internal sealed class Sources(IEnumerable<BulkItem> items, int? stallAfter = null)
{
    private readonly TaskCompletionSource _stalled = new();
    private int _read;

    /// <summary>Items handed out so far.</summary>
    public int Read => Volatile.Read(ref _read);

    public static IEnumerable<BulkItem> Numbered(int count) => Enumerable.Range(1, count).Select(n => Item($"d{n}"));

    public static BulkItem Item(string id, string text = "t") => new() { Id = id, Text = text };

    public static IAsyncEnumerable<BulkItem> Of(IEnumerable<BulkItem> items) => new Sources(items).ItemsAsync();

    public static IAsyncEnumerable<BulkItem> OfIds(params string[] ids) => Of(ids.Select(id => Item(id)));

    /// <summary>Ends the stall, and with it the stream.</summary>
    public void End() => _stalled.TrySetResult();

    public async IAsyncEnumerable<BulkItem> ItemsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (BulkItem item in items)
        {
            if (Read == stallAfter)
            {
                await _stalled.Task.WaitAsync(cancellationToken);
            }

            Interlocked.Increment(ref _read);
            yield return item;
        }

        if (stallAfter is not null)
        {
            await _stalled.Task.WaitAsync(cancellationToken);
        }
    }
}
