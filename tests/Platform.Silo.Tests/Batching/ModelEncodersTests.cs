using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Heads;
using Platform.Silo.Batching;
using Platform.Silo.Hosting;

namespace Platform.Silo.Tests.Batching;

public sealed class ModelEncodersTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeSource _source = new();
    private readonly EncoderBatcher _batcher;
    private readonly ModelEncoders _models;

    public ModelEncodersTests()
    {
        IOptions<EncoderOptions> options = Options.Create(new EncoderOptions { MaxModels = 3, MaxModelBytes = 100 });
        _batcher = new EncoderBatcher(options, TimeProvider.System, _services.GetRequiredService<IMeterFactory>());
        _models = new ModelEncoders(_source, _batcher, options);
    }

    [Fact]
    public async Task A_model_is_opened_once_however_many_ask_for_it()
    {
        ModelLease[] leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _models.RentAsync("a@10", default)));

        Assert.Single(leases.Select(lease => lease.Encoder).Distinct());
        Assert.Equal(["a@10"], _source.Opened);
    }

    [Fact]
    public async Task One_model_more_than_may_be_lets_the_idle_one_go_that_was_used_longest_ago()
    {
        foreach (string model in (string[])["a@10", "b@10", "c@10", "a@10", "d@10"])
        {
            (await _models.RentAsync(model, default)).Dispose();
        }

        Assert.Equal(["c@10", "a@10", "d@10"], _models.Loaded());
        Assert.Equal(["b@10"], _source.Disposed);
    }

    [Fact]
    public async Task More_bytes_than_may_be_let_as_many_idle_models_go_as_needed()
    {
        foreach (string model in (string[])["a@40", "b@30", "c@30", "d@60"])
        {
            (await _models.RentAsync(model, default)).Dispose();
        }

        Assert.Equal(["c@30", "d@60"], _models.Loaded());
        Assert.Equal(["a@40", "b@30"], _source.Disposed);
    }

    [Fact]
    public async Task A_model_in_use_is_never_let_go_and_who_finds_no_room_is_told_to_try_again()
    {
        using ModelLease held = await _models.RentAsync("a@60", default);
        (await _models.RentAsync("b@30", default)).Dispose();

        PlatformException busy = await Assert.ThrowsAsync<PlatformException>(() => _models.RentAsync("c@50", default));

        Assert.Equal(FaultKind.Busy, busy.Kind);
        Assert.NotNull(busy.RetryAfter);
        Assert.DoesNotContain("a@60", _source.Disposed);
        held.Dispose();
        (await _models.RentAsync("c@50", default)).Dispose();
        Assert.Contains("a@60", _source.Disposed);
    }

    [Fact]
    public async Task A_batch_that_outlives_its_callers_keeps_its_model()
    {
        using var cancelled = new CancellationTokenSource();
        ModelLease lease = await _models.RentAsync("slow@60", default);
        Task<EncodedBatch> call = lease.Encoder.EncodeAsync(new EncodeBatch { Texts = ["abc"], AreQueries = false }, "acme", cancelled.Token);
        await _source.SlowStarted.Task;
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        lease.Dispose();

        PlatformException busy = await Assert.ThrowsAsync<PlatformException>(() => _models.RentAsync("b@60", default));

        Assert.Equal(FaultKind.Busy, busy.Kind);
        Assert.Empty(_source.Disposed);
        _source.SlowMayEnd.Set();
        _batcher.Dispose();                                    // joins its threads: the batch has ended
        (await _models.RentAsync("b@60", default)).Dispose();
        Assert.Equal(["slow@60"], _source.Disposed);
    }

    [Fact]
    public async Task A_model_larger_than_all_may_be_and_one_that_is_not_there_are_refused_and_not_kept()
    {
        PlatformException large = await Assert.ThrowsAsync<PlatformException>(() => _models.RentAsync("a@101", default));
        PlatformException absent = await Assert.ThrowsAsync<PlatformException>(() => _models.RentAsync("absent@0", default));

        Assert.Equal(FaultKind.Unavailable, large.Kind);
        Assert.Contains("has 101 bytes of weights; the encoder holds at most 100", large.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.EncoderMismatch, absent.Kind);
        Assert.Empty(_models.Loaded());
    }

    public void Dispose()
    {
        _source.SlowMayEnd.Set();
        _models.Dispose();
        _services.Dispose();
        _source.SlowMayEnd.Dispose();
    }

    /// <summary>Models whose version is the bytes they take.</summary>
    private sealed class FakeSource : ITextEncoderSource
    {
        private readonly Lock _lock = new();

        public List<string> Opened { get; } = [];

        public List<string> Disposed { get; } = [];

        public TaskCompletionSource SlowStarted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim SlowMayEnd { get; } = new();

        public long? MemoryOf(string id, string version) => id == "absent" ? null : long.Parse(version, System.Globalization.CultureInfo.InvariantCulture);

        public ITextEncoder? Open(string id, string version)
        {
            Note(Opened, $"{id}@{version}");
            return new FakeModel(this, $"{id}@{version}");
        }

        public void Note(List<string> list, string model)
        {
            lock (_lock)
            {
                list.Add(model);
            }
        }
    }

    private sealed class FakeModel(FakeSource source, string name) : ITextEncoder
    {
        public EncoderContract Contract { get; } = ContractPresets.LionDense();

        public string ModelHash => name;

        public int[] TokensOfQuery(string text, CancellationToken cancellationToken) => [1];

        public int[] TokensOfDocument(string? title, string text, CancellationToken cancellationToken) => [1];

        public SparseVector[] EncodeSparse(IReadOnlyList<ReadOnlyMemory<int>> texts, bool areQueries, CancellationToken cancellationToken) => throw new NotSupportedException();

        public float[][] EncodeDense(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
        {
            if (name.StartsWith("slow", StringComparison.Ordinal))
            {
                source.SlowStarted.TrySetResult();
                source.SlowMayEnd.Wait(CancellationToken.None);  // like a layer of a large model: it does not look at its token
            }

            return [.. texts.Select(_ => new float[] { 1 })];
        }

        public string TermText(int termId) => "";

        public void Dispose() => source.Note(source.Disposed, name);
    }
}
