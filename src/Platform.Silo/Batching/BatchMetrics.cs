using System.Diagnostics.Metrics;

namespace Platform.Silo.Batching;

/// <summary>What the batcher tells its watchers, as instruments of the meter <see cref="MeterName"/>.</summary>
internal sealed class BatchMetrics
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Platform.Encoder";

    private readonly Counter<long> _tokens;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _fill;
    private readonly Histogram<double> _padding;
    private readonly Histogram<double> _seconds;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Owns the meter.</param>
    /// <param name="waitingTokens">Tokens that wait, of queries or of documents; called by any thread.</param>
    public BatchMetrics(IMeterFactory meters, Func<bool, long> waitingTokens)
    {
        Meter meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "platform.encoder.queue",
            () => new Measurement<long>[] { new(waitingTokens(true), Kind(true)), new(waitingTokens(false), Kind(false)) },
            "{token}",
            "Tokens that wait for the device.");
        _tokens = meter.CreateCounter<long>("platform.encoder.tokens", "{token}", "Tokens encoded, without padding; its rate is tokens a second.");
        _refused = meter.CreateCounter<long>("platform.encoder.refused", "{text}", "Texts refused because the queue was full.");
        _fill = meter.CreateHistogram<double>("platform.encoder.batch.fill", "1", "Share of the token budget that a batch used, padding included; above 1 for one long text.");
        _padding = meter.CreateHistogram<double>("platform.encoder.batch.padding", "1", "Share of a batch that padding to its longest text would take; an encoder that packs does not compute it.");
        _seconds = meter.CreateHistogram<double>("platform.encoder.batch.duration", "s", "Time a batch took on the device.");
    }

    /// <summary>Notes texts that were refused.</summary>
    public void Refused(int texts, bool areQueries) => _refused.Add(texts, Kind(areQueries));

    /// <summary>Notes a batch that ran.</summary>
    public void Ran(IReadOnlyList<BatchItem> batch, int tokensPerBatch, TimeSpan elapsed)
    {
        KeyValuePair<string, object?> kind = Kind(batch[0].Call.AreQueries);
        long tokens = batch.Sum(item => (long)item.Tokens.Length);
        long positions = (long)batch.Count * batch.Max(item => item.Tokens.Length);
        _tokens.Add(tokens, kind);
        _fill.Record((double)positions / tokensPerBatch, kind);
        _padding.Record(1 - (double)tokens / positions, kind);
        _seconds.Record(elapsed.TotalSeconds, kind);
    }

    private static KeyValuePair<string, object?> Kind(bool queries) => new("kind", queries ? "query" : "document");
}
