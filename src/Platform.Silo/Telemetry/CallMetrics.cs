using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Abstractions.Records;

namespace Platform.Silo.Telemetry;

/// <summary>What platform teams watch of queries and writes, as instruments of the meter <see cref="MeterName"/>.</summary>
/// <remarks>No instrument carries a tenant's or an index's name: their number has no bound.</remarks>
internal sealed class CallMetrics
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Platform.Silo";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    };

    private readonly Histogram<double> _queries;
    private readonly Histogram<double> _shardSearches;
    private readonly Histogram<double> _shardWrites;
    private readonly Counter<long> _partial;
    private readonly Counter<long> _items;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Owns the meter.</param>
    public CallMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _queries = meter.CreateHistogram("platform.query.duration", "s", "A whole query: encoding, all shards, merge, fields.", advice: Latencies);
        _shardSearches = meter.CreateHistogram("platform.shard.search.duration", "s", "One shard's part of a query, waiting for a worker included.", advice: Latencies);
        _shardWrites = meter.CreateHistogram("platform.shard.write.duration", "s", "One batch of writes, from its arrival at the shard to its acknowledgement.", advice: Latencies);
        _partial = meter.CreateCounter<long>("platform.query.partial", "{query}", "Answers that lack a shard, and say so.");
        _items = meter.CreateCounter<long>("platform.ingest.items", "{document}", "Documents of bulk requests, by what became of them.");
    }

    /// <summary>Notes a query that ended.</summary>
    /// <param name="elapsed">From its arrival at the query grain.</param>
    /// <param name="answer">Null if it failed.</param>
    public void Queried(TimeSpan elapsed, SearchAnswer? answer)
    {
        _queries.Record(elapsed.TotalSeconds, Outcome(answer is not null));
        if (answer?.Coverage.Failed.Length > 0)
        {
            _partial.Add(1);
        }
    }

    /// <summary>Notes a shard's part of a query.</summary>
    public void SearchedShard(TimeSpan elapsed, bool succeeded) => _shardSearches.Record(elapsed.TotalSeconds, Outcome(succeeded));

    /// <summary>Notes a shard's batch of writes.</summary>
    public void WroteShard(TimeSpan elapsed, bool succeeded) => _shardWrites.Record(elapsed.TotalSeconds, Outcome(succeeded));

    /// <summary>Notes what became of a batch's documents.</summary>
    public void Ingested(IngestReply reply)
    {
        foreach (IGrouping<ItemStatus, ItemOutcome> group in reply.Outcomes.GroupBy(outcome => outcome.Status))
        {
            _items.Add(group.Count(), new KeyValuePair<string, object?>("status", group.Key.ToString().ToLowerInvariant()));
        }
    }

    private static TagList Outcome(bool succeeded) => new() { { "outcome", succeeded ? "success" : "failure" } };
}
