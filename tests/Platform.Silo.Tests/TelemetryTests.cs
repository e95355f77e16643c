using System.Diagnostics.Metrics;
using Platform.Silo.Telemetry;

namespace Platform.Silo.Tests;

public sealed class TelemetryTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    [Fact]
    public async Task Queries_and_writes_are_measured_without_a_name_of_tenant_or_index()
    {
        List<(string Instrument, string Tags)> seen = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == CallMetrics.MeterName)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument.Name, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument.Name, tags));
        listener.Start();

        await silo.CreateAsync("measured", shards: 2);
        await silo.IngestAsync("measured", "one cat", "two cats");
        await silo.SearchAsync("measured", "cat");

        lock (seen)
        {
            Assert.All(
                (string[])["platform.query.duration", "platform.shard.search.duration", "platform.shard.write.duration", "platform.ingest.items"],
                name => Assert.Contains(seen, measurement => measurement.Instrument == name));
            Assert.DoesNotContain(seen, measurement => measurement.Instrument == "platform.query.partial");
            Assert.DoesNotContain(seen, measurement => measurement.Tags.Contains("acme", StringComparison.Ordinal) || measurement.Tags.Contains("measured", StringComparison.Ordinal));
        }

        void Note(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (seen)
            {
                seen.Add((instrument, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
            }
        }
    }
}
