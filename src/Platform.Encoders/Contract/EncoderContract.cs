namespace Platform.Encoders.Contract;

/// <summary>All that must be equal between the encoding of documents and of queries, beside the weights and the vocabulary.</summary>
/// <remarks>
/// Saved with the model as <c>contract.json</c>, copied into every index built with it, compared at query time. Two contracts give the same
/// vectors if and only if they are equal, temperature apart, which only training uses. Immutable; equality is by value.
/// </remarks>
public sealed record EncoderContract
{
    /// <summary>The token id that begins every text; null for none.</summary>
    public required int? Bos { get; init; }

    /// <summary>The token id that ends every text; null for none.</summary>
    public required int? Eos { get; init; }

    /// <summary>What is written before a query, for example <c>query: </c>; empty for nothing. At most 256 characters.</summary>
    public required string QueryPrefix { get; init; }

    /// <summary>What is written before a passage; empty for nothing. At most 256 characters.</summary>
    public required string PassagePrefix { get; init; }

    /// <summary>The most tokens of a query, special ones included, 3 to 131,072; what is longer is cut at the end.</summary>
    public required int MaxQueryTokens { get; init; }

    /// <summary>The most tokens of a passage, special ones included, 3 to 131,072; what is longer is cut at the end.</summary>
    public required int MaxPassageTokens { get; init; }

    /// <summary>A document's text, with <c>{title}</c> and <c>{text}</c>; white space around the result is removed. At most 256 characters.</summary>
    public required string DocumentTemplate { get; init; }

    /// <summary>The head: a dense vector, or weights of the vocabulary's terms.</summary>
    public required EncoderHead Head { get; init; }

    /// <summary>The factor of logits before log(1 + ReLU), 0.0001 to 1,000: hidden^(-1/4) for Lion. 1 for a dense head.</summary>
    public required double LogitScale { get; init; }

    /// <summary>How token states become one vector.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>What is scaled to length 1.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>Which tokens a token sees.</summary>
    public required Attention Attention { get; init; }

    /// <summary>Divides scores in training, 0.0001 to 1,000; not applied at retrieval.</summary>
    public required double Temperature { get; init; }

    /// <summary>The most terms of a sparse query, the heaviest kept; null for all, and with a dense head.</summary>
    public required int? TopQueryTerms { get; init; }

    /// <summary>The most terms of a sparse passage, the heaviest kept; null for all, and with a dense head.</summary>
    public required int? TopPassageTerms { get; init; }
}

/// <summary>What an encoder gives.</summary>
public enum EncoderHead
{
    /// <summary>A vector of the hidden size.</summary>
    Dense,

    /// <summary>A weight for each term of the vocabulary, most of them 0.</summary>
    Sparse,
}

/// <summary>How the states of a text's tokens become one vector.</summary>
public enum Pooling
{
    /// <summary>The mean over real tokens.</summary>
    Mean,

    /// <summary>The largest value over real tokens, each dimension by itself.</summary>
    Max,

    /// <summary>The last real token's.</summary>
    Last,
}

/// <summary>What is scaled to length 1.</summary>
public enum Normalisation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each token's vector before pooling, nothing after it.</summary>
    Token,

    /// <summary>The pooled vector.</summary>
    Vector,
}

/// <summary>Which tokens a token sees.</summary>
public enum Attention
{
    /// <summary>All of its text.</summary>
    Bidirectional,

    /// <summary>Itself and those before it.</summary>
    Causal,
}
