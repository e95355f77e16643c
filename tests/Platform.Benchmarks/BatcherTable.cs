using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using Platform.Silo.Batching;
using Platform.Silo.Hosting;
using static TorchSharp.torch;

namespace Platform.Benchmarks;

/// <summary>Queries of 12 tokens through the batcher with a 6 x 384 model: alone, and beside three times the documents of 128 tokens that the device can do.</summary>
internal static class BatcherTable
{
    private const int QueryTokens = 12;
    private const int DocumentTokens = 128;
    private const int DocumentsPerCall = 4;
    private const int MaxQueuedTokens = 32_768;
    private const double QueriesPerSecond = 20;
    private const double Overload = 3;
    private static readonly string[] Tenants = ["greedy", "greedy", "greedy", "greedy", "modest", "small"];

    public static async Task<int> RunAsync(string[] options)
    {
        var duration = TimeSpan.FromSeconds(options is ["--seconds", string text] ? double.Parse(text, CultureInfo.InvariantCulture) : 20);
        TorchRuntime.Start();
        using var encoder = new RandomEncoder();
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var batcher = new EncoderBatcher(
            Options.Create(new EncoderOptions { MaxQueuedTokens = MaxQueuedTokens }), TimeProvider.System, services.GetRequiredService<IMeterFactory>());
        using var gauge = new QueueGauge(services.GetRequiredService<IMeterFactory>());

        await QueriesAsync(batcher, encoder, TimeSpan.FromSeconds(2));                           // warms up
        double[] alone = await QueriesAsync(batcher, encoder, duration);
        double capacity = (await DocumentsAsync(batcher, encoder, double.PositiveInfinity, duration / 2)).Served.Values.Sum() / (duration / 2).TotalSeconds;
        gauge.Reset();
        Task<DocumentLoad> flood = DocumentsAsync(batcher, encoder, Overload * capacity, duration);
        double[] beside = await QueriesAsync(batcher, encoder, duration);
        DocumentLoad load = await flood;

        Console.WriteLine("| queries | p50 ms | p99 ms |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| alone | {At(alone, 0.5):F1} | {At(alone, 0.99):F1} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| beside documents | {At(beside, 0.5):F1} | {At(beside, 0.99):F1} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| ratio | {At(beside, 0.5) / At(alone, 0.5):F2} | {At(beside, 0.99) / At(alone, 0.99):F2} |"));
        string shares = string.Join(", ", load.Served.OrderBy(tenant => tenant.Key, StringComparer.Ordinal).Select(tenant => string.Create(CultureInfo.InvariantCulture, $"{tenant.Key} {tenant.Value}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"documents: capacity {capacity:F0}/s, offered {load.Offered / duration.TotalSeconds:F0}/s, encoded {load.Served.Values.Sum() / duration.TotalSeconds:F0}/s ({shares}), refused {load.Refused} texts, {load.RefusedWithoutWait} of them without a time to wait; queue at most {gauge.Most:N0} tokens of {MaxQueuedTokens:N0}"));
        return 0;
    }

    /// <summary>Sends queries at a steady rate, whether or not earlier ones were answered; their latencies in ms, ascending.</summary>
    private static async Task<double[]> QueriesAsync(EncoderBatcher batcher, IBatchEncoder encoder, TimeSpan duration)
    {
        var random = new Random(1);
        List<Task<double>> answers = [];
        await AtRateAsync(QueriesPerSecond, duration, () => answers.Add(AskAsync(Text(random, QueryTokens))));
        double[] latencies = await Task.WhenAll(answers);
        Array.Sort(latencies);
        return latencies;

        async Task<double> AskAsync(ReadOnlyMemory<int> query)
        {
            long start = Stopwatch.GetTimestamp();
            await batcher.EncodeAsync(encoder, "asker", areQueries: true, [query], CancellationToken.None);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    /// <summary>Sends documents at a rate, an infinite one as fast as they are encoded.</summary>
    private static async Task<DocumentLoad> DocumentsAsync(EncoderBatcher batcher, IBatchEncoder encoder, double perSecond, TimeSpan duration)
    {
        var load = new DocumentLoad();
        var random = new Random(2);
        var drawing = new Lock();
        using var end = new CancellationTokenSource(duration);
        if (double.IsInfinity(perSecond))
        {
            await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
            {
                while (!end.IsCancellationRequested)
                {
                    await SendAsync(Tenants[i % Tenants.Length]);
                }
            }));
            return load;
        }

        int sent = 0;
        List<Task> calls = [];
        await AtRateAsync(perSecond / DocumentsPerCall, duration, () => calls.Add(SendAsync(Tenants[sent++ % Tenants.Length])));
        await end.CancelAsync();
        await Task.WhenAll(calls);
        return load;

        async Task SendAsync(string tenant)
        {
            ReadOnlyMemory<int>[] texts;
            lock (drawing)
            {
                texts = [.. Enumerable.Range(0, DocumentsPerCall).Select(_ => Text(random, DocumentTokens))];
            }

            try
            {
                load.NoteOffered(texts.Length);
                await batcher.EncodeAsync(encoder, tenant, areQueries: false, texts, end.Token);
                load.NoteServed(tenant, texts.Length);
            }
            catch (PlatformException busy) when (busy.Kind == FaultKind.Busy)
            {
                load.NoteRefused(texts.Length, busy.RetryAfter is not null);
            }
            catch (OperationCanceledException)
            {
                // the measurement ended while it waited
            }
        }
    }

    private static async Task AtRateAsync(double perSecond, TimeSpan duration, Action send)
    {
        long start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (int sent = 0; Stopwatch.GetElapsedTime(start) < duration && await timer.WaitForNextTickAsync();)
        {
            for (; sent < Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond; sent++)
            {
                send();
            }
        }
    }

    private static ReadOnlyMemory<int> Text(Random random, int tokens) => Enumerable.Range(0, tokens).Select(_ => random.Next(RandomEncoder.Vocabulary)).ToArray();

    private static double At(double[] ascending, double share) => ascending[Math.Min(ascending.Length - 1, (int)(share * ascending.Length))];

    private sealed class DocumentLoad
    {
        private readonly Lock _lock = new();

        public Dictionary<string, long> Served { get; } = [];

        public long Offered { get; private set; }

        public long Refused { get; private set; }

        public long RefusedWithoutWait { get; private set; }

        public void NoteOffered(int texts)
        {
            lock (_lock)
            {
                Offered += texts;
            }
        }

        public void NoteServed(string tenant, int texts)
        {
            lock (_lock)
            {
                Served[tenant] = Served.GetValueOrDefault(tenant) + texts;
            }
        }

        public void NoteRefused(int texts, bool withWait)
        {
            lock (_lock)
            {
                Refused += texts;
                RefusedWithoutWait += withWait ? 0 : texts;
            }
        }
    }

    /// <summary>Watches the batcher's own gauge of waiting tokens of documents.</summary>
    private sealed class QueueGauge : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Timer _timer;
        private long _most;

        public QueueGauge(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "platform.encoder.queue" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _most = Math.Max(_most, value));
            _listener.Start();
            _timer = new Timer(_ => _listener.RecordObservableInstruments(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
        }

        public long Most => _most;

        public void Reset() => _most = 0;

        public void Dispose()
        {
            _timer.Dispose();
            _listener.Dispose();
        }
    }

    private sealed class RandomEncoder : IBatchEncoder, IDisposable
    {
        public const int Vocabulary = 4096;

        private readonly LlamaModel _model;

        public RandomEncoder()
        {
            LlamaConfig config = EncoderTable.Shape(384, 6, 6, 1536, Vocabulary);
            _model = new LlamaModel(config, LlamaWeights.Random(config, ScalarType.Float32, CPU, seed: 1), causal: false);
        }

        public EncodedText[] Encode(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
        {
            using IDisposable inference = inference_mode(true);
            using var scope = NewDisposeScope();
            using var batch = TokenBatch.Pack(texts, CPU);
            Tensor rows = DenseHead.Pool(_model.Forward(batch, cancellationToken), batch);
            return [.. Enumerable.Range(0, texts.Count).Select(i => new EncodedText(Dense: MemoryMarshal.AsBytes<float>([.. rows[i].data<float>()]).ToArray()))];
        }

        public void Dispose() => _model.Dispose();
    }
}
