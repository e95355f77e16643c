using Platform.Encoders.Contract;
using Platform.Encoders.Heads;

namespace Platform.Encoders;

/// <summary>A model that encodes text by its contract, in two steps: text to token ids, batches of token ids to vectors.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ITextEncoder : IDisposable
{
    /// <summary>How it encodes.</summary>
    EncoderContract Contract { get; }

    /// <summary>SHA-256 of the model's files: weights, tokenizer and all, 64 hexadecimal digits; empty for a folder that is not of a store.</summary>
    string ModelHash { get; }

    /// <summary>Components of a vector of the dense head.</summary>
    int Dimensions { get; }

    /// <summary>A query's token ids; none for a text without any where the contract adds none.</summary>
    int[] TokensOfQuery(string text, CancellationToken cancellationToken);

    /// <summary>A document's token ids, title and text joined by the contract's template.</summary>
    int[] TokensOfDocument(string? title, string text, CancellationToken cancellationToken);

    /// <summary>Encodes with a sparse head, texts of at least one token, in order.</summary>
    /// <param name="texts">Token ids.</param>
    /// <param name="areQueries">Whether the contract's <see cref="EncoderContract.TopQueryTerms"/> or <see cref="EncoderContract.TopPassageTerms"/> holds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    SparseVector[] EncodeSparse(IReadOnlyList<ReadOnlyMemory<int>> texts, bool areQueries, CancellationToken cancellationToken);

    /// <summary>Encodes with a dense head, texts of at least one token, in order.</summary>
    float[][] EncodeDense(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken);

    /// <summary>A term of a sparse vector as a person reads it; empty for an id that is no term.</summary>
    string TermText(int termId);
}

/// <summary>Where encoders come from.</summary>
public interface ITextEncoderSource
{
    /// <summary>Bytes of memory that a version's weights take when it is open; null if there is none of the name.</summary>
    /// <exception cref="ModelFileException">Its configuration can't be read.</exception>
    long? MemoryOf(string id, string version);

    /// <summary>Opens a version of a model; null if there is none of the name. The caller disposes it.</summary>
    /// <exception cref="ModelFileException">The model can't encode, or its files are damaged.</exception>
    ITextEncoder? Open(string id, string version);
}
