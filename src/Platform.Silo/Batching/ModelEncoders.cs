using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Encoders;
using Platform.Silo.Hosting;

namespace Platform.Silo.Batching;

/// <summary>The models that this silo has loaded: each once, on first use. Beyond their number or their bytes the idle one used longest ago goes.</summary>
internal sealed class ModelEncoders(ITextEncoderSource source, EncoderBatcher batcher, IOptions<EncoderOptions> options) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly long _maxBytes = options.Value.MaxModelBytes > 0 ? options.Value.MaxModelBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
    private long _uses;
    private bool _stopping;

    /// <summary>The encoder of a model, loaded if it is not; it stays loaded until the lease ends.</summary>
    /// <param name="model"><c>id@version</c>.</param>
    /// <param name="cancellationToken">Gives up waiting; loading goes on for others.</param>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.EncoderMismatch"/>: there is no such model, or it can't encode; the next call looks again. <see cref="FaultKind.Busy"/>: the
    /// models in use leave it no room. <see cref="FaultKind.Unavailable"/>: it is larger than all models together may be.
    /// </exception>
    public async Task<ModelLease> RentAsync(string model, CancellationToken cancellationToken)
    {
        while (true)
        {
            Slot slot = SlotOf(model);
            ModelEncoder encoder = await slot.Encoder.WaitAsync(cancellationToken);
            lock (_lock)
            {
                if (encoder.TryEnter())
                {
                    slot.LastUse = ++_uses;
                    return new ModelLease(encoder);
                }
            }

            // it was let go after it was found: the next look loads it again
        }
    }

    /// <summary>The models that are loaded, the one used longest ago first.</summary>
    public IReadOnlyList<string> Loaded()
    {
        lock (_lock)
        {
            return [.. _slots.Where(slot => slot.Value.Loaded is not null).OrderBy(slot => slot.Value.LastUse).Select(slot => slot.Key)];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        batcher.Dispose();                                                                       // first: its threads use the models
        lock (_lock)
        {
            _stopping = true;
            foreach (Slot slot in _slots.Values)
            {
                slot.Loaded?.Leave();
            }

            _slots.Clear();
        }
    }

    private Slot SlotOf(string model)
    {
        lock (_lock)
        {
            if (_slots.TryGetValue(model, out Slot? slot) && !slot.Encoder.IsFaulted)
            {
                return slot;
            }

            var made = new Slot();
            _slots[model] = made;
            made.Encoder = Task.Run(() => Load(model, made));
            _ = made.Encoder.ContinueWith(_ => Forget(model, made), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return made;
        }
    }

    /// <summary>Names that failed are not kept: tenants choose them.</summary>
    private void Forget(string model, Slot failed)
    {
        lock (_lock)
        {
            if (_slots.GetValueOrDefault(model) == failed)
            {
                _slots.Remove(model);
            }
        }
    }

    private ModelEncoder Load(string model, Slot slot)
    {
        string[] parts = model.Split('@');
        try
        {
            long bytes = (parts.Length == 2 ? source.MemoryOf(parts[0], parts[1]) : null) ?? throw NoSuchModel(model);
            MakeRoom(model, slot, bytes);
            return Keep(slot, new ModelEncoder(model, source.Open(parts[0], parts[1]) ?? throw NoSuchModel(model), batcher));
        }
        catch (ModelFileException e)
        {
            throw new PlatformException(FaultKind.EncoderMismatch, $"Model '{model}' can't be loaded: {e.Message}");
        }
    }

    private ModelEncoder Keep(Slot slot, ModelEncoder encoder)
    {
        lock (_lock)
        {
            if (!_stopping)
            {
                slot.Loaded = encoder;
                return encoder;
            }
        }

        encoder.Leave();
        throw new PlatformException(FaultKind.Unavailable, "The encoder's silo is stopping; send the same request again.", TimeSpan.FromSeconds(1));
    }

    /// <summary>Lets idle models go until one more of a size has room, and takes that room.</summary>
    private void MakeRoom(string model, Slot slot, long bytes)
    {
        if (bytes > _maxBytes)
        {
            throw new PlatformException(
                FaultKind.Unavailable,
                string.Create(CultureInfo.InvariantCulture, $"Model '{model}' has {bytes:N0} bytes of weights; the encoder holds at most {_maxBytes:N0}. Raise Encoder:MaxModelBytes, or use a machine with more memory."));
        }

        lock (_lock)
        {
            while (_slots.Values.Sum(other => other.Bytes) + bytes > _maxBytes || _slots.Values.Count(other => other.Bytes > 0) >= options.Value.MaxModels)
            {
                (string idlest, Slot oldest) = _slots.Where(other => other.Value.Loaded is { IsIdle: true }).OrderBy(other => other.Value.LastUse).FirstOrDefault();
                if (oldest is null)
                {
                    throw new PlatformException(
                        FaultKind.Busy, $"The encoder's models are all in use and leave no room for '{model}'; try again in a moment, or start another process with the encoder role.", TimeSpan.FromSeconds(5));
                }

                _slots.Remove(idlest);
                oldest.Loaded!.Leave();
            }

            slot.Bytes = Math.Max(1, bytes);
        }
    }

    private static PlatformException NoSuchModel(string model) => new(
        FaultKind.EncoderMismatch, $"There is no model '{model}' where the encoder looks. A model is named 'id@version'; 'platform model list' shows them, 'platform model import' adds one.");

    /// <summary>A model that is loaded or being loaded.</summary>
    private sealed class Slot
    {
        public Task<ModelEncoder> Encoder { get; set; } = null!;

        /// <summary>Bytes of its weights; 0 while that is not known.</summary>
        public long Bytes { get; set; }

        /// <summary>The number of the use that was its last.</summary>
        public long LastUse { get; set; }

        /// <summary>Null while it is being loaded.</summary>
        public ModelEncoder? Loaded { get; set; }
    }
}

/// <summary>Keeps a model loaded; dispose it when done.</summary>
internal sealed class ModelLease(ModelEncoder encoder) : IDisposable
{
    private int _ended;

    /// <summary>The model.</summary>
    public ModelEncoder Encoder { get; } = encoder;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            Encoder.Leave();
        }
    }
}
