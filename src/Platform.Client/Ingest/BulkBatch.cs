using System.Buffers;
using System.Text.Json;
using Platform.Client.Contracts;

namespace Platform.Client.Ingest;

/// <summary>Items that travel in one bulk request, as the bytes of their lines; no id twice.</summary>
/// <remarks>One thread fills it, then one sends it. Its key stays the same however often it is sent.</remarks>
internal sealed class BulkBatch : IDisposable
{
    private readonly IngestOptions _options;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _json;
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _ids = [];
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BulkBatch(IngestOptions options, long startedAt)
    {
        _options = options;
        StartedAt = startedAt;
        _json = new Utf8JsonWriter(_lines);
    }

    /// <summary>Sent as <c>Idempotency-Key</c>.</summary>
    public Guid Key { get; } = Guid.NewGuid();

    /// <summary>When it was opened, as a timestamp of the clock.</summary>
    public long StartedAt { get; }

    public int Count => _entries.Count;

    public bool IsFull => Count == _options.MaxItemsPerRequest || _lines.WrittenCount >= _options.MaxBytesPerRequest;

    public IReadOnlyCollection<string> Ids => _ids;

    /// <summary>Earlier batches under way that hold one of its ids: it may be sent only when they are finished.</summary>
    public HashSet<BulkBatch> Predecessors { get; } = [];

    /// <summary>Adds an item; false if it must go to the next batch: its id is here already, or there is no room.</summary>
    public bool TryAdd(long position, BulkItem item)
    {
        if (IsFull || _ids.Contains(item.Id))
        {
            return false;
        }

        int start = _lines.WrittenCount;
        JsonSerializer.Serialize(_json, item, PlatformJson.Default.BulkItem);
        _json.Reset();
        _lines.Write("\n"u8);
        if (Count > 0 && _lines.WrittenCount > _options.MaxBytesPerRequest)
        {
            // The bytes stay behind the last entry and are never sent; the batch is full with them.
            return false;
        }

        _ids.Add(item.Id);
        _entries.Add(new Entry(position, item.Id, start, _lines.WrittenCount - start));
        return true;
    }

    public long PositionOf(int index) => _entries[index].Position;

    public string IdOf(int index) => _entries[index].Id;

    /// <summary>One item's line, its line feed included.</summary>
    public ReadOnlyMemory<byte> LineOf(int index) =>
        _lines.WrittenMemory.Slice(_entries[index].Start, _entries[index].Length);

    /// <summary>Waits until the fate of every item is known.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _finished.Task.WaitAsync(cancellationToken);

    public void Finish() => _finished.TrySetResult();

    public void Dispose() => _json.Dispose();

    private readonly record struct Entry(long Position, string Id, int Start, int Length);
}
