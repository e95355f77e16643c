using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>One line of a bulk request: a document to write, or one to delete.</summary>
/// <remarks>A write replaces the whole document of that id. Ids are 1 to 1,024 bytes of UTF-8, without control characters.</remarks>
public sealed record BulkItem
{
    /// <summary>The tenant's own key of the document.</summary>
    public required string Id { get; init; }

    /// <summary><c>upsert</c> (default) or <c>delete</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    /// <summary>Indexed with the text, before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>What the index's encoder turns into a vector.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Further values to store and return: any, or, where the index declares fields, only those, each of its type; null is the same as leaving it out. Filters, counts and facets look at declared ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, JsonElement>? Fields { get; init; }

    /// <summary>A given sparse vector, searched by sparse queries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SparseVector? Sparse { get; init; }

    /// <summary>A given dense vector of the index's dimension, searched by dense queries: an array of numbers, or base64 of little-endian 32-bit floats.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DenseVector? Dense { get; init; }
}

/// <summary>A sparse vector: parallel lists, each index once.</summary>
public sealed record SparseVector
{
    /// <summary>Term ids, 0 to 2,147,483,647, in any order, no repeats; at most 4,096.</summary>
    public required IReadOnlyList<long> Indices { get; init; }

    /// <summary>One finite weight an index; a document's are above 0 and at most the index's <c>maxWeight</c>.</summary>
    public required IReadOnlyList<double> Values { get; init; }
}
