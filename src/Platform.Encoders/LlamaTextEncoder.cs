using Platform.Encoders.Contract;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;
using Platform.Encoders.Text;

namespace Platform.Encoders;

/// <summary>A Llama checkpoint of the model store with its tokenizer and contract.</summary>
public sealed class LlamaTextEncoder : ITextEncoder
{
    private readonly LlamaEncoder _encoder;
    private readonly BpeVocabulary _vocabulary;
    private readonly ContractTokenizer _tokenizer;
    private readonly Lock _tokenizing = new();                       // the tokenizer serves one thread at a time

    private LlamaTextEncoder(LlamaEncoder encoder, BpeVocabulary vocabulary, EncoderContract contract, string modelHash)
    {
        _encoder = encoder;
        _vocabulary = vocabulary;
        _tokenizer = new ContractTokenizer(new BpeTokenizer(vocabulary), contract);
        Contract = contract;
        ModelHash = modelHash;
    }

    /// <inheritdoc/>
    public EncoderContract Contract { get; }

    /// <inheritdoc/>
    public string ModelHash { get; }

    /// <inheritdoc/>
    public int Dimensions => _encoder.Dimensions;

    /// <summary>Opens a version of a model.</summary>
    /// <param name="model">From the store.</param>
    /// <param name="options">Where and how to compute; attention and logit scale are the contract's.</param>
    /// <exception cref="ModelFileException">The model has no tokenizer or contract, they do not fit the weights, or this build can't compute the contract.</exception>
    public static LlamaTextEncoder Open(StoredModel model, LlamaEncoderOptions options) =>
        Open(model.Folder, ContractFile.Read(Path.Combine(model.Folder, ContractFile.Name)), options, model.Manifest.ContentHash);

    /// <summary>Opens a model's folder, of a store or not.</summary>
    /// <param name="folder">In Hugging Face layout, with a tokenizer; a LoRA adapter in it is merged.</param>
    /// <param name="contract">How to encode.</param>
    /// <param name="options">As of the other overload.</param>
    /// <param name="modelHash">What <see cref="ModelHash"/> says; empty where the files were not hashed.</param>
    /// <exception cref="ModelFileException">As of the other overload.</exception>
    public static LlamaTextEncoder Open(string folder, EncoderContract contract, LlamaEncoderOptions options, string modelHash = "")
    {
        string? unable = contract switch
        {
            { Head: EncoderHead.Dense, Pooling: not Pooling.Mean } => $"pooling {contract.Pooling}",
            { Head: EncoderHead.Dense, Normalisation: not Normalisation.Token } => $"normalisation {contract.Normalisation}",
            _ => null,
        };
        if (unable is not null)
        {
            throw new ModelStoreException(folder, $"'{folder}' has a dense head with {unable}; this build computes pooling Mean with normalisation Token.");
        }

        BpeVocabulary vocabulary = TokenizerFiles.Find(folder)
            ?? throw new ModelStoreException(folder, $"'{folder}' has no {TokenizerFiles.JsonFile}, so it can't encode text. Import the model with its tokenizer.");
        var encoder = LlamaEncoder.Open(folder, options with { Causal = contract.Attention == Attention.Causal, LogitScale = contract.LogitScale, TopTerms = null });
        if (vocabulary.Size <= encoder.Vocabulary && Math.Max(contract.MaxPassageTokens, contract.MaxQueryTokens) <= encoder.MaxTokens)
        {
            return new LlamaTextEncoder(encoder, vocabulary, contract, modelHash);
        }

        using (encoder)
        {
            throw new ModelStoreException(
                folder,
                $"'{folder}' has weights for {encoder.Vocabulary} tokens and texts of {encoder.MaxTokens}, but a tokenizer of {vocabulary.Size} tokens and a contract of texts of {contract.MaxQueryTokens} and {contract.MaxPassageTokens}. Import files that belong together.");
        }
    }

    /// <inheritdoc/>
    public int[] TokensOfQuery(string text, CancellationToken cancellationToken)
    {
        lock (_tokenizing)
        {
            return _tokenizer.EncodeQuery(text, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public int[] TokensOfDocument(string? title, string text, CancellationToken cancellationToken)
    {
        lock (_tokenizing)
        {
            return _tokenizer.EncodePassage(title, text, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public SparseVector[] EncodeSparse(IReadOnlyList<ReadOnlyMemory<int>> texts, bool areQueries, CancellationToken cancellationToken)
    {
        int? top = areQueries ? Contract.TopQueryTerms : Contract.TopPassageTerms;
        SparseVector[] vectors = _encoder.EncodeSparse(texts, cancellationToken);
        return top is { } most ? Array.ConvertAll(vectors, vector => Heaviest(vector, most)) : vectors;
    }

    /// <inheritdoc/>
    public float[][] EncodeDense(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken) => _encoder.EncodeDense(texts, cancellationToken);

    /// <inheritdoc/>
    public string TermText(int termId) => _vocabulary.TextOf(termId);

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();

    /// <summary>The heaviest terms, by ascending id; of equal weights the lower id stays.</summary>
    private static SparseVector Heaviest(SparseVector vector, int most)
    {
        if (vector.TermIds.Length <= most)
        {
            return vector;
        }

        int[] kept = [.. Enumerable.Range(0, vector.TermIds.Length).OrderByDescending(i => vector.Weights[i]).ThenBy(i => i).Take(most).Order()];
        return new SparseVector([.. kept.Select(i => vector.TermIds[i])], [.. kept.Select(i => vector.Weights[i])]);
    }
}

/// <summary>Opens models of the store.</summary>
public sealed class StoredTextEncoders(ModelStore store, LlamaEncoderOptions options) : ITextEncoderSource
{
    /// <inheritdoc/>
    public long? MemoryOf(string id, string version) =>
        Find(id, version) is { } model ? LlamaConfig.Read(model.Folder).ParameterCount * LlamaEncoder.BytesPerParameter(options) : null;

    /// <inheritdoc/>
    public ITextEncoder? Open(string id, string version) => Find(id, version) is { } model ? LlamaTextEncoder.Open(model, options) : null;

    private StoredModel? Find(string id, string version) =>
        store.List().FirstOrDefault(model => model.Manifest.Id == id && model.Manifest.Version == version);
}
