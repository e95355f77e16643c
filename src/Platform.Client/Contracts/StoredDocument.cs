using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Body of <c>PATCH /v1/indexes/{index}/documents/{id}</c>.</summary>
public sealed record DocumentPatch
{
    /// <summary>Fields to set; null takes a field away, and fields that are not named stay. Checked as those of a whole document.</summary>
    public required Dictionary<string, JsonElement> Fields { get; init; }
}

/// <summary>Answer of <c>GET /v1/indexes/{index}/documents/{id}</c>: what was stored.</summary>
public sealed record StoredDocument
{
    /// <summary>The tenant's key.</summary>
    public required string Id { get; init; }

    /// <summary>As given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>As given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>As given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, JsonElement>? Fields { get; init; }
}
