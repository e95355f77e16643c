using Platform.Client.Contracts;

namespace Platform.Client.Ingest;

/// <summary>What is known of the items of one batch while it is sent, and sent again.</summary>
/// <remarks>An item is open until the service acknowledges or refuses it for good; then it never changes.</remarks>
internal sealed class BatchFates(BulkBatch batch)
{
    private readonly IngestResult?[] _results = new IngestResult?[batch.Count];
    private readonly BulkError?[] _lastErrors = new BulkError?[batch.Count];
    private readonly bool[] _mayBeApplied = new bool[batch.Count];

    /// <summary>The batch's items whose fate is open, ascending.</summary>
    public int[] Open() => [.. Enumerable.Range(0, batch.Count).Where(item => _results[item] is null)];

    /// <summary>Takes one line of an answer.</summary>
    /// <param name="sent">The items of that request, in the order of its lines.</param>
    /// <param name="line">The line; not the summary.</param>
    /// <exception cref="PlatformClientException">The line does not belong to the request.</exception>
    public void Take(int[] sent, BulkResult line)
    {
        if (line.Line < 1 || line.Line > sent.Length || !NamesSameId(line, sent))
        {
            throw UnexpectedLine($"line {line.Line} with id '{line.Id}' in the answer to {sent.Length} items");
        }

        int item = sent[line.Line - 1];
        if (line.Error is { Retryable: true } error)
        {
            _lastErrors[item] = error;
            _mayBeApplied[item] = true;
            return;
        }

        IngestStatus status = line.Status switch
        {
            "created" => IngestStatus.Created,
            "updated" => IngestStatus.Updated,
            "deleted" => IngestStatus.Deleted,
            "not_found" => IngestStatus.NotFound,
            "failed" => line.Error?.Code is ErrorCodes.Internal ? IngestStatus.Unknown : IngestStatus.Failed,
            _ => throw UnexpectedLine($"the status '{line.Status}'"),
        };
        _results[item] = new IngestResult(batch.PositionOf(item), batch.IdOf(item), status, line.Error);
    }

    /// <summary>Notes that a request failed as a whole.</summary>
    /// <param name="sent">Its items.</param>
    /// <param name="fault">Why.</param>
    public void NoteFault(int[] sent, PlatformClientException fault)
    {
        foreach (int item in sent)
        {
            _mayBeApplied[item] |= fault.MayHaveBeenApplied;
        }
    }

    /// <summary>Why the open items of an answered request are open.</summary>
    public PlatformClientException StillOpen(int[] open)
    {
        BulkError? error = open.Select(item => _lastErrors[item]).FirstOrDefault(e => e is not null);
        return error is null
            ? PlatformClientException.Make(
                ClientErrorCodes.ConnectionLost,
                "Answer incomplete",
                $"The answer to a bulk request ended without the fate of {open.Length} items; whether they were applied is unknown.")
            : PlatformClientException.Make(error.Code, "Items not acknowledged", error.Detail, status: 503);
    }

    /// <summary>Closes what is open, and returns the fate of every item in order.</summary>
    /// <param name="reason">What the open items' error says; not needed if none is open.</param>
    public IngestResult[] Close(PlatformClientException? reason)
    {
        foreach (int item in Open())
        {
            BulkError error = _lastErrors[item] ?? new BulkError(
                reason?.Code ?? ClientErrorCodes.UnexpectedAnswer,
                reason?.Message ?? "No answer names this item.",
                reason?.IsTransient ?? true);
            IngestStatus status = _mayBeApplied[item] ? IngestStatus.Unknown : IngestStatus.Failed;
            _results[item] = new IngestResult(batch.PositionOf(item), batch.IdOf(item), status, error);
        }

        return [.. _results.Select(result => result!)];
    }

    private bool NamesSameId(BulkResult line, int[] sent) =>
        line.Id is null || string.Equals(line.Id, batch.IdOf(sent[line.Line - 1]), StringComparison.Ordinal);

    private static PlatformClientException UnexpectedLine(string what) => PlatformClientException.Make(
        ClientErrorCodes.ConnectionLost,
        "Unexpected answer",
        $"The service's bulk answer has {what}; the rest of it is not read.");
}
