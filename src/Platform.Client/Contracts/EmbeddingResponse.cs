using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Answer of <c>POST /v1/embeddings</c>.</summary>
public sealed record EmbeddingResponse
{
    /// <summary><c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; set; } = "list";

    /// <summary>One vector an input, in order.</summary>
    public required IReadOnlyList<DenseEmbedding> Data { get; init; }

    /// <summary>The model that encoded them.</summary>
    public required string Model { get; init; }

    /// <summary>Tokens encoded.</summary>
    public required EmbeddingUsage Usage { get; init; }
}

/// <summary>One input's dense vector.</summary>
public sealed record DenseEmbedding
{
    /// <summary><c>embedding</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; set; } = "embedding";

    /// <summary>The input's position, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>As many numbers as the model is wide. Compare by inner product: lengths carry meaning and are not 1.</summary>
    public required PackedNumbers Embedding { get; init; }
}

/// <summary>Answer of <c>POST /v1/sparse-embeddings</c>.</summary>
public sealed record SparseEmbeddingResponse
{
    /// <summary><c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; set; } = "list";

    /// <summary>One vector an input, in order.</summary>
    public required IReadOnlyList<SparseEmbedding> Data { get; init; }

    /// <summary>The model that encoded them.</summary>
    public required string Model { get; init; }

    /// <summary>Tokens encoded.</summary>
    public required EmbeddingUsage Usage { get; init; }
}

/// <summary>One input's sparse vector.</summary>
public sealed record SparseEmbedding
{
    /// <summary><c>sparse_embedding</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; set; } = "sparse_embedding";

    /// <summary>The input's position, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The terms and their weights.</summary>
    public required TermWeights Embedding { get; init; }
}

/// <summary>A learned-sparse vector: parallel lists. Indices and values are what bulk items and searches take as <c>sparse</c>.</summary>
public sealed record TermWeights
{
    /// <summary>Ids of the vocabulary's terms, ascending.</summary>
    public required PackedWholeNumbers Indices { get; init; }

    /// <summary>One weight a term, above 0.</summary>
    public required PackedNumbers Values { get; init; }

    /// <summary>One text a term, empty for an id that is no term; only if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Terms { get; init; }
}

/// <summary>What a request cost.</summary>
public sealed record EmbeddingUsage
{
    /// <summary>Tokens of all inputs, special ones included, after cutting.</summary>
    [JsonPropertyName("prompt_tokens")]
    public required long PromptTokens { get; init; }

    /// <summary>The same: nothing is generated.</summary>
    [JsonPropertyName("total_tokens")]
    public required long TotalTokens { get; init; }
}
