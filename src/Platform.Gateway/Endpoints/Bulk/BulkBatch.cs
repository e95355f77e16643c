using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary>Lines of a bulk request that go to the cluster in one call, and those between them that failed already.</summary>
/// <remarks>Where a batch ends depends on the lines alone, not on how fast they arrive.</remarks>
internal sealed class BulkBatch(GatewayOptions limits)
{
    private readonly List<ReadItem> _lines = [];
    private long _bytes;

    /// <summary>True if no line is in it.</summary>
    public bool IsEmpty => _lines.Count == 0;

    /// <summary>The operations, in the order of their lines.</summary>
    public IngestItem[] Items => [.. _lines.Where(l => l.Item is not null).Select(l => l.Item!)];

    /// <summary>Whether one more line would exceed a limit; an empty batch takes any line.</summary>
    public bool IsFullFor(ReadItem line) => !IsEmpty
        && (_lines.Count >= limits.BatchItems || (line.Item is not null && _bytes + line.Bytes > limits.BatchBytes));

    /// <summary>Adds a line.</summary>
    public void Add(ReadItem line)
    {
        _lines.Add(line);
        _bytes += line.Item is null ? 0 : line.Bytes;
    }

    /// <summary>Each line's fate, once the call has been answered.</summary>
    public BulkResult[] Results(IngestReply reply)
    {
        int next = 0;
        return Results(line => Outcomes.ResultOf(line.Line, line.Id!, reply.Outcomes[next++]));
    }

    /// <summary>Each line's fate if the call failed.</summary>
    public BulkResult[] Results(Fault fault) => Results(line => Outcomes.Failed(line.Line, line.Id, fault));

    private BulkResult[] Results(Func<ReadItem, BulkResult> sent) =>
        [.. _lines.Select(line => line.Fault is { } fault ? Outcomes.Failed(line.Line, line.Id, fault) : sent(line))];
}
