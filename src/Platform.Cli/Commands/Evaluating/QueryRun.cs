using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>Searches every judged query and writes the run file.</summary>
/// <remarks>
/// Queries stand in the file in the collection's order and hits in the answer's, whatever the concurrency and whichever answer
/// came first: the same index gives the same bytes.
/// </remarks>
internal sealed class QueryRun(PlatformClient client, EvaluationPlan plan, TimeProvider time)
{
    private const int DeadlineMilliseconds = 60_000;
    private const int Attempts = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs the queries.</summary>
    /// <param name="queries">The judged queries, in the collection's order.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="path">The run file.</param>
    /// <param name="shown">Told of each query.</param>
    /// <param name="cancellationToken">Ends it; the file is then incomplete.</param>
    /// <returns>The time of each query as the client saw it, in the order of the queries.</returns>
    public async Task<List<TimeSpan>> RunAsync(
        IAsyncEnumerable<CollectionQuery> queries, int total, string path, IProgress<WorkDone> shown, CancellationToken cancellationToken)
    {
        List<TimeSpan> latencies = [];
        Queue<(string QueryId, Task<(IReadOnlyList<RunResult> Hits, TimeSpan Took)> Answer)> underWay = [];
        using var run = new TrecRunWriter(path, plan.Mode is null ? $"platform-{plan.Encoder}" : $"platform-{plan.Encoder}-{plan.Mode}");
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (CollectionQuery query in queries.WithCancellation(cancellationToken))
            {
                if (underWay.Count == plan.Concurrency)
                {
                    await TakeAsync();
                }

                underWay.Enqueue((query.Id, SearchAsync(query, givenUp.Token)));
            }

            while (underWay.Count > 0)
            {
                await TakeAsync();
            }
        }
        finally
        {
            await givenUp.CancelAsync();
            await Task.WhenAll(underWay.Select(query => query.Answer)).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return latencies;

        async Task TakeAsync()
        {
            (string queryId, Task<(IReadOnlyList<RunResult> Hits, TimeSpan Took)> answer) = underWay.Peek();
            (IReadOnlyList<RunResult> hits, TimeSpan took) = await answer;
            underWay.Dequeue();
            run.Write(queryId, hits);
            latencies.Add(took);
            shown.Report(new WorkDone(latencies.Count, 0, (double)latencies.Count / total));
        }
    }

    private async Task<(IReadOnlyList<RunResult> Hits, TimeSpan Took)> SearchAsync(
        CollectionQuery query, CancellationToken cancellationToken)
    {
        DenseVector? dense = DenseOf(query);
        if (dense is null && string.IsNullOrWhiteSpace(query.Text))
        {
            return ([], TimeSpan.Zero);   // asks for nothing, and counts as zero
        }

        // One more, so that the depth is full even where the query's own document is dropped.
        int top = plan.DropSelf ? Math.Min(plan.Depth + 1, EvaluationPlan.MaxDepth) : plan.Depth;
        var request = new SearchRequest
        {
            Text = dense is not null && !IsMode("hybrid") ? null : query.Text,
            Dense = dense,
            Mode = plan.Mode,
            Fusion = plan.Fusion,
            Top = top,
            Fields = [],
            Pruning = plan.Pruning,
            DeadlineMilliseconds = DeadlineMilliseconds,
        };
        for (int attempt = 1; ; attempt++)
        {
            long startedAt = time.GetTimestamp();
            SearchResponse answer = await client.SearchAsync(plan.Index, request, cancellationToken);
            TimeSpan took = time.GetElapsedTime(startedAt);
            if (answer.Coverage.Complete)
            {
                return (Results(query, answer), took);
            }

            // A run with holes would pass for a worse encoder.
            if (attempt == Attempts)
            {
                throw CommandFaultException.Failed(
                    $"Query '{query.Id}': {answer.Coverage.Answered} of {answer.Coverage.Asked} shards answered, {Attempts} times; "
                    + $"an evaluation needs all. See 'platform index stats {plan.Index}'.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private bool IsMode(string mode) => string.Equals(plan.Mode, mode, StringComparison.Ordinal);

    private DenseVector? DenseOf(CollectionQuery query) => plan.Vectors is not { } vectors || !(IsMode("dense") || IsMode("hybrid"))
        ? null
        : new DenseVector(vectors.Queries.Find(query.Id)
            ?? throw CommandFaultException.Failed($"Query '{query.Id}' has no vector in the files that --vectors names; an evaluation needs one for each judged query."));

    private RunResult[] Results(CollectionQuery query, SearchResponse answer)
    {
        IEnumerable<SearchHit> hits = plan.DropSelf
            ? answer.Hits.Where(hit => !string.Equals(hit.Id, query.Id, StringComparison.Ordinal)).Take(plan.Depth)
            : answer.Hits;
        return [.. hits.Select(hit => new RunResult(hit.Id, hit.Score))];
    }
}
