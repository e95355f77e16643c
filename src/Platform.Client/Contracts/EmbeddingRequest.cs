using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Body of <c>POST /v1/embeddings</c> and <c>POST /v1/sparse-embeddings</c>, as the OpenAI API has it, with <see cref="InputType"/> besides.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>A model of the cluster's store, <c>id@version</c>, with a dense head or a sparse one as the path says.</summary>
    public required string Model { get; init; }

    /// <summary>One text or several, at most 2,048, none of them blank; longer ones than the model's contract allows are cut at the end. Token ids are not taken.</summary>
    public required EmbeddingInput Input { get; init; }

    /// <summary><c>float</c> (default): numbers as JSON. <c>base64</c>: the bytes of float32 numbers, little-endian; of term ids int32.</summary>
    [JsonPropertyName("encoding_format")]
    public string EncodingFormat { get; set; } = EmbeddingFormats.Number;

    /// <summary><c>query</c> or <c>document</c> (default): which prefix and length of the model's contract hold. Documents and queries are not encoded alike.</summary>
    [JsonPropertyName("input_type")]
    public string InputType { get; set; } = EmbeddingInputTypes.Document;

    /// <summary>Whether a sparse vector carries the text of each term; not of <c>/v1/embeddings</c>.</summary>
    [JsonPropertyName("include_terms")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IncludeTerms { get; init; }

    /// <summary>If given it must be the model's own length: vectors are not shortened.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Dimensions { get; init; }

    /// <summary>Taken for the sake of OpenAI's clients, and not used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}

/// <summary>The words of <see cref="EmbeddingRequest.EncodingFormat"/>.</summary>
public static class EmbeddingFormats
{
    /// <summary>Numbers as JSON.</summary>
    public const string Number = "float";

    /// <summary>The bytes of float32 numbers, little-endian.</summary>
    public const string Base64 = "base64";
}

/// <summary>The words of <see cref="EmbeddingRequest.InputType"/>.</summary>
public static class EmbeddingInputTypes
{
    /// <summary>What searches.</summary>
    public const string Query = "query";

    /// <summary>What is searched.</summary>
    public const string Document = "document";
}
