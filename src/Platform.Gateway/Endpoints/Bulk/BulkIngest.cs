using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Fields;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary>Runs a bulk request: lines in, batches to the cluster, a line of answer for each line, in their order.</summary>
/// <remarks>
/// Three loops run at once. One reads lines and starts a batch as soon as a slot is free; one awaits the batches in order and
/// writes their lines into a bounded buffer; one copies that buffer to the client. So a client may send everything before it
/// reads anything, as far as the buffer goes; beyond it, and while no slot is free, the body is not read. What was read is
/// applied even if the client goes.
/// </remarks>
internal sealed partial class BulkIngest(IOptions<GatewayOptions> options, ILogger<BulkIngest> logger)
{
    private readonly GatewayOptions _limits = options.Value;

    /// <summary>Runs one request to its end; ends quietly if the client goes.</summary>
    /// <param name="grain">Where the batches go.</param>
    /// <param name="operations">Names the operations.</param>
    /// <param name="fields">What the index declares.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="output">The response's body.</param>
    /// <param name="stopping">Ends the reading: the server stops.</param>
    public async Task RunAsync(
        IIngestGrain grain, OperationIds operations, DeclaredFields fields, PipeReader body, PipeWriter output, CancellationToken stopping)
    {
        var unread = new Pipe(new PipeOptions(
            pauseWriterThreshold: _limits.MaxUnreadAnswerBytes,
            resumeWriterThreshold: _limits.MaxUnreadAnswerBytes / 2,
            useSynchronizationContext: false));
        var batches = Channel.CreateBounded<Task<BulkResult[]>>(_limits.BatchesInFlight);
        Task writing = WriteAsync(batches.Reader, unread.Writer);
        Task copying = CopyAsync(unread.Reader, output);
        try
        {
            await ReadAsync(grain, new LineReader(body, _limits.MaxLineBytes), new BulkItemReader(operations, fields, _limits), batches.Writer, stopping);
        }
        finally
        {
            batches.Writer.Complete();
            await writing;
            await copying;
        }
    }

    private async Task ReadAsync(
        IIngestGrain grain, LineReader lines, BulkItemReader items, ChannelWriter<Task<BulkResult[]>> batches, CancellationToken stopping)
    {
        using var slots = new SemaphoreSlim(_limits.BatchesInFlight);
        var batch = new BulkBatch(_limits);
        try
        {
            await foreach (ReadItem item in ReadItemsAsync(lines, items, stopping))
            {
                if (batch.IsFullFor(item))
                {
                    await StartAsync(batch);
                    batch = new BulkBatch(_limits);
                }

                batch.Add(item);
            }

            if (!batch.IsEmpty)
            {
                await StartAsync(batch);
            }
        }
        finally
        {
            // Every slot back: no call of this request runs any more.
            for (int slot = 0; slot < _limits.BatchesInFlight; slot++)
            {
                await slots.WaitAsync(CancellationToken.None);
            }
        }

        async Task StartAsync(BulkBatch full)
        {
            await slots.WaitAsync(CancellationToken.None);
            await batches.WriteAsync(SendAsync(grain, full, slots), CancellationToken.None);
        }
    }

    // A body that breaks off ends with a failed line: what came before it is applied all the same.
    private async IAsyncEnumerable<ReadItem> ReadItemsAsync(
        LineReader lines, BulkItemReader items, [EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            ReadItem? item = null;
            Fault? cut = null;
            try
            {
                item = await lines.ReadAsync(stopping) is { } line ? items.Read(line) : null;
            }
            catch (Exception reason) when (reason is IOException or OperationCanceledException)
            {
                LogCut(lines.LineNumber, reason.GetType().Name, reason.Message);
                cut = CutFault(reason, stopping.IsCancellationRequested);
            }

            if (cut is not null)
            {
                yield return new ReadItem(lines.LineNumber + 1, 0, null, null, cut);
            }

            if (item is not { } read)
            {
                yield break;
            }

            yield return read;
        }
    }

    private static Fault CutFault(Exception reason, bool stopping) => stopping
        ? Fault.Unavailable("The server is stopping and read no further; send this line and all after it again.")
        : Fault.Invalid($"The body broke off here: {reason.Message} Send this line and all after it again.") with { Retryable = true };

    // Never cancelled: what a client has sent is applied, even if it no longer waits for the answer.
    private async Task<BulkResult[]> SendAsync(IIngestGrain grain, BulkBatch batch, SemaphoreSlim slots)
    {
        try
        {
            IngestItem[] items = batch.Items;
            return batch.Results(items.Length == 0
                ? new IngestReply { Outcomes = [] }
                : await grain.ApplyAsync(new IngestBatch { Items = items }, CancellationToken.None));
        }
        catch (Exception exception)
        {
            Fault fault = FaultMapping.ToFault(exception);
            LogBatchFailed(string.Equals(fault.Code, ErrorCodes.Internal, StringComparison.Ordinal) ? exception : null, fault.Code, exception.GetType().Name);
            return batch.Results(fault);
        }
        finally
        {
            slots.Release();
        }
    }

    private static async Task WriteAsync(ChannelReader<Task<BulkResult[]>> batches, PipeWriter unread)
    {
        using (var answer = new BulkAnswer(unread))
        {
            await foreach (Task<BulkResult[]> batch in batches.ReadAllAsync())
            {
                await answer.WriteAsync(await batch);
            }

            await answer.WriteSummaryAsync();
        }

        await unread.CompleteAsync();
    }

    private async Task CopyAsync(PipeReader unread, PipeWriter output)
    {
        try
        {
            await unread.CopyToAsync(output, CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            LogClientGone(gone.GetType().Name);
        }
        finally
        {
            await unread.CompleteAsync();
        }
    }

    [LoggerMessage(LogLevel.Information, "A bulk request broke off after line {LineNumber}: {Fault}: {Reason}")]
    private partial void LogCut(int lineNumber, string fault, string reason);

    [LoggerMessage(LogLevel.Warning, "A batch of a bulk request failed with {Code}: {Fault}")]
    private partial void LogBatchFailed(Exception? exception, string code, string fault);

    [LoggerMessage(LogLevel.Information, "The client of a bulk request left before its answer was written: {Fault}")]
    private partial void LogClientGone(string fault);
}
