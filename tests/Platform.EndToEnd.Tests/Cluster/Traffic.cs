using System.Collections.Concurrent;
using System.Diagnostics;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Writes and queries at a steady rate, none of them repeated, until it is stopped; notes what fails and how long each takes.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Loops = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly PlatformClient _client;
    private readonly ConcurrentBag<string> _written = [];
    private readonly ConcurrentBag<double> _writeMilliseconds = [];
    private readonly ConcurrentBag<double> _queryMilliseconds = [];
    private readonly Task _running;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _next;

    /// <summary>Begins.</summary>
    /// <param name="url">The process that is asked.</param>
    /// <param name="key">The API key.</param>
    /// <param name="writesPerSecond">New documents with ids of their own; 0 for none.</param>
    /// <param name="queriesPerSecond">For documents <c>d0</c> to <c>dN</c>, of which each has a word of its own.</param>
    /// <param name="documents">N + 1.</param>
    public Traffic(Uri url, string key, int writesPerSecond, int queriesPerSecond, int documents)
    {
        _client = new PlatformClient(new PlatformClientOptions { Endpoints = [url], ApiKey = key, MaxRetries = 0 });
        IEnumerable<Task> writes = Enumerable.Range(0, writesPerSecond > 0 ? Loops : 0).Select(_ => LoopAsync(writesPerSecond, WriteAsync));
        IEnumerable<Task> queries = Enumerable.Range(0, queriesPerSecond > 0 ? Loops : 0).Select(loop => LoopAsync(queriesPerSecond, () => QueryAsync(loop, documents)));
        _running = Task.WhenAll([.. writes, .. queries]);
    }

    /// <summary>What failed or was wrong, each with the seconds since the beginning.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>Stops; returns the ids of the documents that were acknowledged.</summary>
    public async Task<HashSet<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _clock.Stop();
        return [.. _written];
    }

    public override string ToString() => FormattableString.Invariant(
        $"{_writeMilliseconds.Count} writes and {_queryMilliseconds.Count} queries in {_clock.Elapsed.TotalSeconds:0.0} s, {Faults.Count} failed or wrong; {Times("write", _writeMilliseconds)}; {Times("query", _queryMilliseconds)}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private static string Times(string what, ConcurrentBag<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return sorted.Length == 0 ? $"no {what}" : FormattableString.Invariant($"{what} p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, longest {sorted[^1]:0} ms");

        double At(double share) => sorted[(int)((sorted.Length - 1) * share)];
    }

    private void Note(string fault) => Faults.Enqueue(FormattableString.Invariant($"{_clock.Elapsed.TotalSeconds:0.0} s: {fault}"));

    private async Task LoopAsync(int perSecond, Func<Task> once)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds((double)Loops / perSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await once();
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task WriteAsync()
    {
        string id = $"n{Interlocked.Increment(ref _next)}";
        var clock = Stopwatch.StartNew();
        try
        {
            await foreach (IngestResult result in _client.IngestResultsAsync("docs", new[] { new BulkItem { Id = id, Text = $"new{id} common" } }.ToAsyncEnumerable(), new IngestOptions { MaxRetries = 0 }, cancellationToken: CancellationToken.None))
            {
                if (result.IsAcknowledged)
                {
                    _written.Add(id);
                }
                else
                {
                    Note($"write {id}: {result}");
                }
            }
        }
        catch (Exception e) when (e is PlatformClientException or IngestStoppedException)
        {
            Note($"write {id}: {e.Message}");
        }

        _writeMilliseconds.Add(clock.Elapsed.TotalMilliseconds);
    }

    private async Task QueryAsync(int loop, int documents)
    {
        int document = (int)((uint)(Interlocked.Increment(ref _next) * 7919) + (uint)loop) % documents;
        document = Math.Abs(document);
        var clock = Stopwatch.StartNew();
        try
        {
            SearchResponse found = await _client.SearchAsync("docs", new SearchRequest { Text = $"word{document}", Fields = [] }, CancellationToken.None);
            if (!found.Coverage.Complete || found.Hits.Count != 1 || found.Hits[0].Id != $"d{document}")
            {
                Note($"query word{document}: {found.Hits.Count} hits, coverage {found.Coverage.Answered} of {found.Coverage.Asked}: {string.Join("; ", found.Coverage.Failed)}");
            }
        }
        catch (PlatformClientException e)
        {
            Note($"query word{document}: {e.Message}");
        }

        _queryMilliseconds.Add(clock.Elapsed.TotalMilliseconds);
    }
}
