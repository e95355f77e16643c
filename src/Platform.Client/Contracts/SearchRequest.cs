using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Body of <c>POST /v1/indexes/{index}/search</c>: a text, or given vectors.</summary>
/// <remarks>A dense vector beside a text or a sparse vector makes a hybrid search.</remarks>
public sealed record SearchRequest
{
    /// <summary>Text for the index's encoder; not blank, at most 32,768 bytes of UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>A given sparse query; finite weights, at least one not zero.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SparseVector? Sparse { get; init; }

    /// <summary>A given dense query of the index's dimension: an array of numbers, or base64 of little-endian 32-bit floats.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DenseVector? Dense { get; init; }

    /// <summary>
    /// <c>lexical</c>, <c>sparse</c>, <c>dense</c> or <c>hybrid</c>; null for what the query gives. <c>dense</c> with a text needs an index with a dense encoder;
    /// <c>hybrid</c> runs both legs at once and fuses their hits.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mode { get; init; }

    /// <summary>How the hits of a hybrid search are put together; null for reciprocal rank fusion.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FusionSpec? Fusion { get; init; }

    /// <summary>The only documents that may be found, by the index's declared fields; null for all. Scores do not depend on it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Filter? Filter { get; init; }

    /// <summary>Declared fields whose values are counted over all documents that the search matches, at most 16; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FacetSpec>? Facets { get; init; }

    /// <summary>Orders what the search matches by a field instead of by score; null for the best first. Scores are then 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortSpec? Sort { get; init; }

    /// <summary>Groups the hits by a field: <see cref="Top"/> and <see cref="Offset"/> count groups then, together at most 100. Not of a hybrid search. Null for no groups.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GroupSpec? Group { get; init; }

    /// <summary>How many hits, 1 to 10,000 together with <see cref="Offset"/>.</summary>
    public int Top { get; set; } = 10;

    /// <summary>How many best hits to leave out, from 0.</summary>
    public int Offset { get; init; }

    /// <summary>Which stored fields each hit carries, for example <c>title</c>, <c>text</c>, <c>fields.year</c>; null for all, empty for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>True to list the terms that matched each hit and what each contributed.</summary>
    public bool Explain { get; init; }

    /// <summary>Pieces of title and text in which the matched terms of a lexical or sparse search stand, for at most 100 hits; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HighlightSpec? Highlight { get; init; }

    /// <summary>How far from exact the answer may be, for a sparse query or the text of a model's index; null for exact. BM25 is always exact and refuses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PruningSpec? Pruning { get; init; }

    /// <summary>Milliseconds for the whole query, 1 to 60,000; shards that are later are left out and named in the coverage.</summary>
    public int DeadlineMilliseconds { get; set; } = 5_000;
}
