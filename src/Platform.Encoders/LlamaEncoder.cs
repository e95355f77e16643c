using System.Runtime.InteropServices;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using Platform.Encoders.Weights;
using static TorchSharp.torch;

namespace Platform.Encoders;

/// <summary>A Llama checkpoint as an encoder: token ids in, sparse or dense vectors out.</summary>
/// <remarks>Thread-safe; calls share the device's threads, so two at once are not faster. Weights lie in memory once, mapped where possible.</remarks>
public sealed class LlamaEncoder : IDisposable
{
    private readonly LlamaModel _model;
    private readonly LlamaEncoderOptions _options;

    private LlamaEncoder(LlamaModel model, LlamaEncoderOptions options)
    {
        _model = model;
        _options = options;
    }

    /// <summary>Length of a dense vector.</summary>
    public int Dimensions => _model.Config.Hidden;

    /// <summary>Terms a sparse vector can have.</summary>
    public int Vocabulary => _model.Config.Vocabulary;

    /// <summary>Tokens a text may have.</summary>
    public int MaxTokens => _model.Config.MaxPositions;

    /// <summary>Parameters of the model.</summary>
    public long ParameterCount => _model.Config.ParameterCount;

    /// <summary>What it computes in: never <see cref="Arithmetic.Automatic"/>.</summary>
    public Arithmetic Arithmetic => _model.Weights.Type == ScalarType.BFloat16 ? Arithmetic.BFloat16 : Arithmetic.Float32;

    internal LlamaModel Model => _model;

    /// <summary>Opens a model folder in Hugging Face layout: <c>config.json</c> and safetensors, and a PEFT LoRA adapter, which is merged, if there is one.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged or does not fit the others.</exception>
    /// <exception cref="DllNotFoundException">libtorch can't be loaded; the message has the remedy.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or the device is not here.</exception>
    public static LlamaEncoder Open(string directory, LlamaEncoderOptions? options = null)
    {
        options ??= new LlamaEncoderOptions();
        if (options.TopTerms is <= 0)
        {
            throw new ArgumentException($"TopTerms is {options.TopTerms}; it must be at least 1, or null for all.", nameof(options));
        }

        if (options.LogitScale is double scale && !(scale > 0 && double.IsFinite(scale)))
        {
            throw new ArgumentException($"LogitScale is {scale}; it must be above 0, or null for hidden^(-1/4).", nameof(options));
        }

        if (options is { Deterministic: true, Arithmetic: Arithmetic.BFloat16 })
        {
            throw new ArgumentException("Deterministic encoding computes in float32; Arithmetic asks for BFloat16. Choose one.", nameof(options));
        }

        LlamaConfig config = LlamaConfig.Read(directory);
        Checkpoint checkpoint = Checkpoint.Open(directory);
        LoraAdapter? adapter = LoraAdapter.Find(directory);
        TorchRuntime.Start(options.Threads);
        Device device = TorchRuntime.DeviceOf(options.Device);
        ScalarType type = TypeOf(options, device);
        using IDisposable inference = inference_mode(true);
        return new LlamaEncoder(new LlamaModel(config, CheckpointTensors.Load(checkpoint, config, type, device, adapter), options.Causal), options);
    }

    /// <summary>Encodes texts as sparse vectors, in the order given.</summary>
    /// <param name="texts">Token ids of each text, 1 to <see cref="MaxTokens"/>, each below <see cref="Vocabulary"/>. Memory grows with their sum.</param>
    /// <param name="cancellationToken">Looked at before each layer and each tile of the vocabulary.</param>
    /// <exception cref="ArgumentException">A text is empty or too long, or an id is not of the vocabulary.</exception>
    public SparseVector[] EncodeSparse(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken = default)
    {
        double scale = _options.LogitScale ?? SparseHead.LogitScale(_model.Config);
        return Encode(
            texts,
            (hidden, batch) => SparseHead.Weights(hidden, _model.Weights.Head, batch, scale, cancellationToken),
            row => SparseVector.FromDense(row, _options.TopTerms),
            cancellationToken);
    }

    /// <summary>Encodes texts as dense vectors of <see cref="Dimensions"/> numbers, in the order given; their norms are at most 1 and carry meaning.</summary>
    /// <inheritdoc cref="EncodeSparse"/>
    public float[][] EncodeDense(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken = default) =>
        Encode(texts, DenseHead.Pool, row => row.ToArray(), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>What one parameter takes in memory under these options: 4, or 2 for bfloat16.</summary>
    /// <exception cref="DllNotFoundException">libtorch can't be loaded; the message has the remedy.</exception>
    internal static int BytesPerParameter(LlamaEncoderOptions options)
    {
        TorchRuntime.Start(options.Threads);
        return TypeOf(options, TorchRuntime.DeviceOf(options.Device)) == ScalarType.BFloat16 ? 2 : 4;
    }

    private static ScalarType TypeOf(LlamaEncoderOptions options, Device device) =>
        options.Deterministic ? ScalarType.Float32 : ArithmeticTest.Choose(options.Arithmetic, device);

    private T[] Encode<T>(
        IReadOnlyList<ReadOnlyMemory<int>> texts, Func<Tensor, TokenBatch, Tensor> head, RowReader<T> read, CancellationToken cancellationToken)
    {
        Check(texts);
        var vectors = new T[texts.Count];
        if (_options.Deterministic)
        {
            for (int i = 0; i < texts.Count; i++)
            {
                EncodeBatch([texts[i]], head, (_, row) => vectors[i] = read(row), cancellationToken);
            }
        }
        else if (texts.Count > 0)
        {
            EncodeBatch(texts, head, (text, row) => vectors[text] = read(row), cancellationToken);
        }

        return vectors;
    }

    private void EncodeBatch(
        IReadOnlyList<ReadOnlyMemory<int>> texts, Func<Tensor, TokenBatch, Tensor> head, RowSink take, CancellationToken cancellationToken)
    {
        using IDisposable inference = inference_mode(true);
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Pack(texts, _model.Weights.Device);
        Tensor hidden = _model.Forward(batch, cancellationToken);
        Tensor rows = head(hidden, batch).to(CPU).contiguous();                               // [texts, width] float32
        int width = (int)rows.shape[1];
        for (int i = 0; i < batch.Order.Length; i++)
        {
            Tensor row = rows[i];
            take(batch.Order[i], MemoryMarshal.Cast<byte, float>(row.bytes)[..width]);
        }
    }

    private void Check(IReadOnlyList<ReadOnlyMemory<int>> texts)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            ReadOnlySpan<int> ids = texts[i].Span;
            if (ids.Length is 0 || ids.Length > MaxTokens)
            {
                throw new ArgumentException($"Text {i} has {ids.Length} tokens; a text must have 1 to {MaxTokens}. Cut it, or leave it out.", nameof(texts));
            }

            int wrong = ids.IndexOfAnyExceptInRange(0, Vocabulary - 1);
            if (wrong >= 0)
            {
                throw new ArgumentException($"Token {wrong} of text {i} is {ids[wrong]}; the model's vocabulary is 0 to {Vocabulary - 1}. Use the model's own tokenizer.", nameof(texts));
            }
        }
    }

    private delegate T RowReader<T>(ReadOnlySpan<float> row);

    private delegate void RowSink(int text, ReadOnlySpan<float> row);
}
