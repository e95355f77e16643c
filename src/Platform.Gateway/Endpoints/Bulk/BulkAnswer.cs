using System.IO.Pipelines;
using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary>Writes the lines of a bulk answer, counts them, and writes the summary. Not thread-safe.</summary>
/// <param name="output">Where to; once its reader has gone, lines are only counted.</param>
internal sealed class BulkAnswer(PipeWriter output) : IDisposable
{
    private static readonly JsonWriterOptions Json = new() { Encoder = GatewayJson.Answers.Options.Encoder };

    private readonly Utf8JsonWriter _json = new(output, Json);
    private BulkSummary _summary = new();
    private bool _readerGone;

    /// <summary>Writes some lines, and waits while too much of the answer is unread.</summary>
    public async Task WriteAsync(IReadOnlyList<BulkResult> results)
    {
        foreach (BulkResult result in results)
        {
            Count(result);
            Write(result);
        }

        await FlushAsync();
    }

    /// <summary>Writes the last line.</summary>
    public async Task WriteSummaryAsync()
    {
        Write(new BulkResult { Line = 0, Status = "summary", Summary = _summary });
        await FlushAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Count(BulkResult result)
    {
        BulkSummary counted = result.Status switch
        {
            "created" => _summary with { Created = _summary.Created + 1 },
            "updated" => _summary with { Updated = _summary.Updated + 1 },
            "deleted" => _summary with { Deleted = _summary.Deleted + 1 },
            "not_found" => _summary with { NotFound = _summary.NotFound + 1 },
            _ => _summary with { Failed = _summary.Failed + 1 },
        };
        _summary = counted with { Received = counted.Received + 1 };
    }

    private void Write(BulkResult result)
    {
        if (_readerGone)
        {
            return;
        }

        JsonSerializer.Serialize(_json, result, GatewayJson.Answers.BulkResult);
        _json.Flush();
        _json.Reset();
        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
    }

    private async Task FlushAsync()
    {
        if (!_readerGone)
        {
            _readerGone = (await output.FlushAsync(CancellationToken.None)).IsCompleted;
        }
    }
}
