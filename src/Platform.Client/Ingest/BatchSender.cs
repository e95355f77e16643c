using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Client.Http;
using Polly;

namespace Platform.Client.Ingest;

/// <summary>Sends one batch until the fate of each item is known or the retries are used up.</summary>
internal sealed class BatchSender(ApiConnection connection, RetryPolicy retryPolicy, string index, IngestOptions options)
{
    private readonly ResiliencePipeline _retries = retryPolicy.Pipeline(options.MaxRetries);
    private readonly string _path = Routes.Documents(index);
    private long _requests;
    private long _batches;

    /// <summary>Requests sent so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests that repeated an earlier one.</summary>
    public long Retries => Requests - Interlocked.Read(ref _batches);

    /// <summary>Sends a batch.</summary>
    /// <returns>The fate of each item in order; and a fault that no further batch would escape, if there was one.</returns>
    public async Task<(IngestResult[] Results, PlatformClientException? Stop)> SendAsync(
        BulkBatch batch, CancellationToken cancellationToken)
    {
        var fates = new BatchFates(batch);
        Interlocked.Increment(ref _batches);
        bool answered = false;
        try
        {
            await _retries.ExecuteAsync(
                async token =>
                {
                    answered = false;
                    await AttemptAsync(batch, fates, token);
                    answered = true;
                    int[] open = fates.Open();
                    if (open.Length > 0)
                    {
                        throw fates.StillOpen(open);
                    }
                },
                cancellationToken);
            return (fates.Close(reason: null), null);
        }
        catch (PlatformClientException fault)
        {
            return (fates.Close(fault), !answered && EndsTheIngest(fault) ? fault : null);
        }
    }

    /// <summary>The fates of a batch that is not sent because the ingest has stopped.</summary>
    public static IngestResult[] NotSent(BulkBatch batch, PlatformClientException stop) =>
        new BatchFates(batch).Close(PlatformClientException.Make(
            ClientErrorCodes.NotSent, "Not sent", $"Not sent, because the ingest stopped: {stop.Message}"));

    /// <summary>True for a fault of the key, the index or the whole service rather than of this batch.</summary>
    private static bool EndsTheIngest(PlatformClientException fault) =>
        fault.IsTransient || fault.Problem.Status is 401 or 403 or 404 or 405 || fault.Code is ClientErrorCodes.UnexpectedAnswer;

    private async Task AttemptAsync(BulkBatch batch, BatchFates fates, CancellationToken cancellationToken)
    {
        int[] sent = fates.Open();
        var call = new ApiCall
        {
            Method = HttpMethod.Post,
            Path = _path,
            Body = () =>
            {
                Interlocked.Increment(ref _requests);
                return new BatchContent(batch, sent);
            },
            IdempotencyKey = batch.Key,
            IsIdempotent = true,
        };
        try
        {
            await connection.AttemptAsync(call, ReadAnswerAsync, cancellationToken);
        }
        catch (PlatformClientException fault)
        {
            fates.NoteFault(sent, fault);
            if (fates.Open().Length > 0)
            {
                throw;   // else only the summary line was lost
            }
        }

        async Task<bool> ReadAnswerAsync(HttpResponseMessage response, CancellationToken token)
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(token);
            await foreach (BulkResult? line in JsonSerializer.DeserializeAsyncEnumerable(
                stream, PlatformJson.Default.BulkResult, topLevelValues: true, token))
            {
                if (line is null)
                {
                    throw new JsonException("A line is null.");
                }

                if (line.Status is "summary")
                {
                    return true;
                }

                fates.Take(sent, line);
            }

            return false;   // the answer was cut off; the items it does not name stay open
        }
    }
}
