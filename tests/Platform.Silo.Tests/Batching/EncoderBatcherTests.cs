using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Silo.Batching;
using Platform.Silo.Hosting;

namespace Platform.Silo.Tests.Batching;

public sealed class EncoderBatcherTests : IDisposable
{
    private const int Bound = 320;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SteppedTime _time = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly EncoderBatcher _batcher;
    private readonly FakeEncoder _free = new();
    private readonly FakeEncoder _gated;

    public EncoderBatcherTests()
    {
        _gated = new FakeEncoder((_, token) => _gate.Wait(token));
        _batcher = new EncoderBatcher(
            Options.Create(new EncoderOptions { TokensPerBatch = 64, MaxQueuedTokens = Bound }), _time, _services.GetRequiredService<IMeterFactory>());
    }

    [Fact]
    public async Task Each_text_gets_its_own_vector_whoever_shares_its_batch()
    {
        var random = new Random(3);
        ReadOnlyMemory<int>[][] calls = [.. Enumerable.Range(0, 20).Select(_ =>
            Enumerable.Range(0, 4).Select(_ => FakeEncoder.Text(random.Next(1, 3), random.Next(1000))).ToArray())];

        EncodedText[][] vectors = await Task.WhenAll(calls.Select((texts, i) => _batcher.EncodeAsync(_free, $"{i % 3}", i % 4 == 0, texts, default)));

        Assert.Equal(calls.Select(texts => texts.Select(FakeEncoder.Sum)), vectors.Select(call => call.Select(FakeEncoder.SumIn)));
        Assert.InRange(_free.MostAtOnce, 1, 2);
    }

    [Fact]
    public async Task A_query_is_answered_while_a_batch_of_documents_holds_the_device()
    {
        Task<EncodedText[]> running = DocumentsAsync(_gated, "a", texts: 1);
        await _gated.Started;
        Task<EncodedText[]> waiting = DocumentsAsync(_gated, "a", texts: 10);

        EncodedText[] query = await _batcher.EncodeAsync(_free, "b", areQueries: true, [FakeEncoder.Text(3)], default);

        Assert.Equal(3, FakeEncoder.SumIn(query[0]));
        Assert.False(running.IsCompleted);
        _gate.Set();
        _ = await Task.WhenAll(running, waiting);
        Assert.Equal(1, _gated.MostAtOnce);
        Assert.Equal([1, 4, 4, 2], _gated.BatchSizes);
    }

    [Fact]
    public async Task Documents_are_encoded_by_a_thread_that_gives_way_to_that_of_queries()
    {
        int document = 0;
        int query = 0;

        await DocumentsAsync(new FakeEncoder((_, _) => document = NicenessOfThisThread()), "a", texts: 1);
        await _batcher.EncodeAsync(new FakeEncoder((_, _) => query = NicenessOfThisThread()), "a", areQueries: true, [FakeEncoder.Text(1)], default);

        Assert.True(!OperatingSystem.IsLinux() || (document >= 10 && query < document) || query >= 10, $"queries {query}, documents {document}");
    }

    [Fact]
    public async Task Three_times_the_queue_is_refused_beyond_the_bound_with_a_time_to_retry_after()
    {
        Task<EncodedText[]> running = DocumentsAsync(_gated, "a", texts: 1);
        await _gated.Started;
        Task<EncodedText[]>[] calls = [.. Enumerable.Range(0, 3 * Bound / 16).Select(i => DocumentsAsync(_gated, i % 2 == 0 ? "a" : "b", texts: 1))];

        Task<EncodedText[]>[] refused = [.. calls.Where(call => call.IsFaulted)];
        Assert.Equal(2 * Bound / 16, refused.Length);
        foreach (Task<EncodedText[]> call in refused)
        {
            PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => call);
            Assert.Equal(FaultKind.Busy, fault.Kind);
            Assert.Equal(TimeSpan.FromSeconds(1), fault.RetryAfter);
        }

        _gate.Set();
        _ = await Task.WhenAll([running, .. calls.Except(refused)]);
    }

    [Fact]
    public async Task The_time_to_retry_after_is_what_the_waiting_tokens_need_at_the_measured_speed()
    {
        var slow = new FakeEncoder((_, _) => _time.Advance(TimeSpan.FromSeconds(2)));             // 16 tokens in 2 s: 8 a second
        _ = await DocumentsAsync(slow, "a", texts: 1);
        Task<EncodedText[]> running = DocumentsAsync(_gated, "a", texts: 1);
        await _gated.Started;
        Task<EncodedText[]> waiting = DocumentsAsync(_gated, "a", texts: 10);

        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => DocumentsAsync(_gated, "a", texts: 1));

        Assert.Equal(TimeSpan.FromSeconds(160 / 8), fault.RetryAfter);
        _gate.Set();
        _ = await Task.WhenAll(running, waiting);
    }

    [Fact]
    public async Task A_call_larger_than_a_tenants_share_is_refused_for_good()
    {
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => DocumentsAsync(_free, "a", texts: 11));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains("176 tokens; one call may have 160", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_cancelled_while_they_wait_are_never_encoded()
    {
        Task<EncodedText[]> running = DocumentsAsync(_gated, "a", texts: 1);
        await _gated.Started;
        using var cancelled = new CancellationTokenSource();
        Task<EncodedText[]> waiting = DocumentsAsync(_gated, "a", texts: 10, cancelled.Token);
        await cancelled.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task<EncodedText[]> next = DocumentsAsync(_gated, "a", texts: 10, CancellationToken.None);   // there is room again
        _gate.Set();
        _ = await Task.WhenAll(running, next);
        Assert.Equal([1, 4, 4, 2], _gated.BatchSizes);
    }

    [Fact]
    public async Task A_running_batch_ends_when_the_last_of_its_callers_has_left()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var endless = new FakeEncoder((_, token) =>
        {
            token.WaitHandle.WaitOne();
            ended.SetResult();
            token.ThrowIfCancellationRequested();
        });
        using var cancelled = new CancellationTokenSource();
        Task<EncodedText[]> call = DocumentsAsync(endless, "a", texts: 2, cancelled.Token);
        await endless.Started;

        await cancelled.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task;
        Assert.Single(await DocumentsAsync(_free, "a", texts: 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_text_that_cannot_be_encoded_fails_its_own_call_only()
    {
        var picky = new FakeEncoder((texts, token) =>
        {
            _gate.Wait(token);
            if (texts.Any(text => text.Span.Contains(666)))
            {
                throw new InvalidDataException("666");
            }
        });
        Task<EncodedText[]> first = DocumentsAsync(picky, "a", texts: 1);
        await picky.Started;
        Task<EncodedText[]> bad = _batcher.EncodeAsync(picky, "a", areQueries: false, [FakeEncoder.Text(16, 666)], default);
        Task<EncodedText[]> good = DocumentsAsync(picky, "b", texts: 1);
        _gate.Set();

        _ = await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        Assert.Equal(16, FakeEncoder.SumIn((await good)[0]));
        _ = await first;
    }

    [Fact]
    public async Task A_stopping_batcher_finishes_what_runs_and_tells_those_who_wait()
    {
        Task<EncodedText[]> running = DocumentsAsync(_gated, "a", texts: 1);
        await _gated.Started;
        Task<EncodedText[]> waiting = DocumentsAsync(_gated, "a", texts: 1);
        Task disposing = Task.Run(_batcher.Dispose);

        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => waiting);
        Assert.Equal(FaultKind.Unavailable, fault.Kind);
        _gate.Set();
        await disposing;
        Assert.Single(await running);
        _ = await Assert.ThrowsAsync<PlatformException>(() => DocumentsAsync(_free, "a", texts: 1));
    }

    [Fact]
    public async Task Meters_tell_tokens_fill_padding_and_refusals()
    {
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, watcher) =>
        {
            if (instrument.Meter.Name == BatchMetrics.MeterName && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                watcher.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(sums, instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note(sums, instrument, value));
        listener.Start();

        Task<EncodedText[]> running = DocumentsAsync(_gated, "a", texts: 1);
        await _gated.Started;
        Task<EncodedText[]> waiting = _batcher.EncodeAsync(_gated, "a", areQueries: false, [FakeEncoder.Text(16), FakeEncoder.Text(8)], default);
        _ = await Assert.ThrowsAsync<PlatformException>(() => DocumentsAsync(_gated, "a", texts: 9));
        listener.RecordObservableInstruments();
        _gate.Set();
        _ = await Task.WhenAll(running, waiting);
        _batcher.Dispose();

        Assert.Equal(24, sums["platform.encoder.queue"]);
        Assert.Equal(9, sums["platform.encoder.refused"]);
        Assert.Equal(40, sums["platform.encoder.tokens"]);
        Assert.Equal(16 / 64.0 + 32 / 64.0, sums["platform.encoder.batch.fill"]);
        Assert.Equal(8 / 32.0, sums["platform.encoder.batch.padding"]);
    }

    public void Dispose()
    {
        _gate.Set();
        _batcher.Dispose();
        _gate.Dispose();
        _services.Dispose();
    }

    /// <summary>The 17th field after the name in /proc/thread-self/stat (man 5 proc).</summary>
    private static int NicenessOfThisThread()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Note(Dictionary<string, double> sums, Instrument instrument, double value)
    {
        lock (sums)
        {
            sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
        }
    }

    /// <summary>Texts of 16 tokens.</summary>
    private Task<EncodedText[]> DocumentsAsync(FakeEncoder encoder, string tenant, int texts, CancellationToken cancellationToken = default) =>
        _batcher.EncodeAsync(encoder, tenant, areQueries: false, [.. Enumerable.Range(0, texts).Select(_ => FakeEncoder.Text(16))], cancellationToken);

    /// <summary>A clock that moves only when the test says so.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}
