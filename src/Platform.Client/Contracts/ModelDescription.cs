using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Answer of <c>GET /v1/models/{model}</c>: a model that the cluster's encoders can load.</summary>
public sealed record ModelDescription
{
    /// <summary>The model, <c>id@version</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>model</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; set; } = "model";

    /// <summary><c>sparse</c> or <c>dense</c>.</summary>
    public required string Head { get; init; }

    /// <summary>SHA-256 of its files.</summary>
    [JsonPropertyName("model_hash")]
    public required string ModelHash { get; init; }

    /// <summary>How it encodes: the model's contract.json.</summary>
    public required JsonElement Contract { get; init; }
}
