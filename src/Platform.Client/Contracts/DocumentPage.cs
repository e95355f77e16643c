using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Answer of <c>GET /v1/indexes/{index}/documents</c>: some documents, by ascending id (bytes of UTF-8).</summary>
public sealed record DocumentPage
{
    /// <summary>The documents; may be fewer than asked for, even none, where there are more.</summary>
    public required IReadOnlyList<WholeDocument> Documents { get; init; }

    /// <summary>Where the next page begins, for the parameter <c>cursor</c>; null after the last page.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }
}

/// <summary>All that an index has of a document.</summary>
public sealed record WholeDocument
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

    /// <summary>The sparse vector as the index keeps it, pruned and quantised, given or a model's; only with <c>vectors=true</c>. Null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SparseVector? Sparse { get; init; }
}
