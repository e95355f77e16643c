using Platform.Abstractions;
using Platform.Encoders;

namespace Platform.Silo.Batching;

/// <summary>The models that this silo has loaded: each once, on first use, until the silo stops.</summary>
internal sealed class ModelEncoders(ITextEncoderSource source, EncoderBatcher batcher) : IDisposable
{
    private const int MaxLoaded = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<ModelEncoder>> _loading = new(StringComparer.Ordinal);
    private readonly List<ModelEncoder> _loaded = [];

    /// <summary>The encoder of a model, loaded if it is not yet.</summary>
    /// <param name="model"><c>id@version</c>.</param>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.EncoderMismatch"/>: there is no such model, or it can't encode; the next call looks again.
    /// <see cref="FaultKind.Unavailable"/>: the silo has as many models as it may have.
    /// </exception>
    public Task<ModelEncoder> GetAsync(string model)
    {
        lock (_lock)
        {
            if (!_loading.TryGetValue(model, out Task<ModelEncoder>? loading) || loading.IsFaulted)
            {
                loading = Task.Run(() => Load(model));
                _loading[model] = loading;
                _ = loading.ContinueWith(_ => Forget(model, loading), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            return loading;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        batcher.Dispose();                                                                       // first: its threads use the models
        lock (_lock)
        {
            _loaded.ForEach(encoder => encoder.Dispose());
            _loaded.Clear();
        }
    }

    /// <summary>Names that failed are not kept: tenants choose them.</summary>
    private void Forget(string model, Task<ModelEncoder> failed)
    {
        lock (_lock)
        {
            if (_loading.GetValueOrDefault(model) == failed)
            {
                _loading.Remove(model);
            }
        }
    }

    private ModelEncoder Load(string model)
    {
        string[] parts = model.Split('@');
        try
        {
            ITextEncoder encoder = (parts.Length == 2 ? source.Open(parts[0], parts[1]) : null)
                ?? throw new PlatformException(
                    FaultKind.EncoderMismatch, $"There is no model '{model}' where the encoder looks. A model is named 'id@version'; 'platform model list' shows them, 'platform model import' adds one.");
            return Keep(new ModelEncoder(model, encoder, batcher));
        }
        catch (ModelFileException e)
        {
            throw new PlatformException(FaultKind.EncoderMismatch, $"Model '{model}' can't be loaded: {e.Message}");
        }
    }

    private ModelEncoder Keep(ModelEncoder encoder)
    {
        lock (_lock)
        {
            if (_loaded.Count < MaxLoaded)
            {
                _loaded.Add(encoder);
                return encoder;
            }
        }

        encoder.Dispose();
        throw new PlatformException(FaultKind.Unavailable, $"The encoder has {MaxLoaded} models loaded, which is the most. Start another process with the encoder role.");
    }
}
