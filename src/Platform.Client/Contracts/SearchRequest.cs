using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Body of <c>POST /v1/indexes/{index}/search</c>: exactly one of <see cref="Text"/> and <see cref="Sparse"/>.</summary>
public sealed record SearchRequest
{
    /// <summary>Text for the index's encoder; not blank, at most 32,768 bytes of UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>A given sparse query; finite weights, at least one not zero.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SparseVector? Sparse { get; init; }

    /// <summary>How many hits, 1 to 10,000 together with <see cref="Offset"/>.</summary>
    public int Top { get; set; } = 10;

    /// <summary>How many best hits to leave out, from 0.</summary>
    public int Offset { get; init; }

    /// <summary>Which stored fields each hit carries, for example <c>title</c>, <c>text</c>, <c>fields.year</c>; null for all, empty for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>True to list the terms that matched each hit and what each contributed.</summary>
    public bool Explain { get; init; }

    /// <summary>How far from exact the answer may be, for a sparse query or the text of a model's index; null for exact. BM25 is always exact and refuses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PruningSpec? Pruning { get; init; }

    /// <summary>Milliseconds for the whole query, 1 to 60,000; shards that are later are left out and named in the coverage.</summary>
    public int DeadlineMilliseconds { get; set; } = 5_000;
}
