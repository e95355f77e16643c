using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>What a tenant asks for when it creates an index. Body of <c>POST /v1/indexes</c>.</summary>
/// <remarks>Nothing here can change afterwards; make another index and ingest again.</remarks>
public sealed record IndexSpec
{
    /// <summary>1 to 63 of <c>a-z 0-9 . _ -</c>, starting with a letter or digit; unique within the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>Number of shards, 1 to 64 and a power of two. The shard count never changes a score or an order.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>Turns text into vectors: <c>lexical</c> (BM25), a model of the cluster's store as <c>id@version</c> (<c>id@version#cuda</c> for one device), or <c>none</c> for an index of given vectors only.</summary>
    /// <remarks>The index keeps the hashes of the model's files and contract; no other version encodes its documents or queries.</remarks>
    public string Encoder { get; set; } = "lexical";

    /// <summary>BM25's two constants; used by the <c>lexical</c> encoder only.</summary>
    public Bm25Spec Bm25 { get; set; } = new();

    /// <summary>How sparse vectors are pruned and quantised.</summary>
    public SparseSpec Sparse { get; set; } = new();

    /// <summary>The index's dense vectors; null for none. With a model that gives dense vectors it may be left out: dimensions are then the model's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DenseSpec? Dense { get; init; }

    /// <summary>
    /// The fields that documents may have, by name: <c>keyword</c> (a string), <c>keywords</c> (a list of strings), <c>number</c> (float64), <c>date</c> (ISO 8601, to 100 ns),
    /// <c>boolean</c>, or <c>stored</c> (any JSON, without filters). At most 64; a document with another field is refused. Null or empty to declare none: documents then have any fields, and no filters.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Fields { get; init; }
}

/// <summary>BM25's constants. Robertson and Zaragoza 2009, doi:10.1561/1500000019; defaults as in Anserini.</summary>
public sealed record Bm25Spec
{
    /// <summary>Term-frequency saturation, 0 to 10.</summary>
    public double K1 { get; set; } = 0.9;

    /// <summary>Strength of length normalisation, 0 to 1.</summary>
    public double B { get; set; } = 0.4;
}

/// <summary>Pruning and quantisation of sparse vectors, given ones and a model's alike: the strongest terms, then one linear scale an index, 8 bits a weight.</summary>
public sealed record SparseSpec
{
    /// <summary>The largest document weight, above 0 and at most 1,000,000; a larger one is refused at ingest, and a model's is cut to it. A weight w is stored as round(255 w / MaxWeight), at least 1.</summary>
    public double MaxWeight { get; set; } = 5.1;

    /// <summary>The strongest terms of a document that are kept, at most 65,536; 0 for all. Of equal weights those of lower term id.</summary>
    public int TopTermsPerDocument { get; set; }

    /// <summary>Weights of a document below this are dropped before its strongest terms are taken; 0 for none, at most <see cref="MaxWeight"/>.</summary>
    public double MinWeight { get; set; }

    /// <summary>The strongest terms of a query that are searched, by absolute weight, at most 65,536; 0 for all.</summary>
    public int TopTermsPerQuery { get; set; }
}

/// <summary>An index's dense vectors: one dimension and precision for all; a document need not have one.</summary>
public sealed record DenseSpec
{
    /// <summary>Components of a vector, 1 to 4,096. Null, or the same, where a model gives the vectors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Dimensions { get; init; }

    /// <summary>How components are kept: <c>float32</c>, <c>float16</c>, <c>bfloat16</c> or <c>int8</c>. Scores are exact for what is kept; a query stays float32.</summary>
    public string Precision { get; set; } = "float32";

    /// <summary><c>inner_product</c> of the vectors as they are, or <c>cosine</c>: vectors are divided by their norms, and vectors of zeros are refused.</summary>
    public string Similarity { get; set; } = "inner_product";

    /// <summary>A model with a dense head, <c>id@version</c>, that turns text into these vectors, beside what <see cref="IndexSpec.Encoder"/> makes of it; null where they are given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Encoder { get; init; }
}

/// <summary>One index as its tenant sees it.</summary>
public sealed record IndexDescription
{
    /// <summary>The index's name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of shards.</summary>
    public required int Shards { get; init; }

    /// <summary>The encoder of its text.</summary>
    public required string Encoder { get; init; }

    /// <summary>BM25's constants.</summary>
    public required Bm25Spec Bm25 { get; init; }

    /// <summary>Pruning and quantisation of sparse vectors.</summary>
    public required SparseSpec Sparse { get; init; }

    /// <summary>Its dense vectors; null if it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DenseSpec? Dense { get; init; }

    /// <summary>Its declared fields with their types; null if it declares none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Counts the indexes that have borne this name, from 1: a deleted and re-created index is another generation.</summary>
    public required int Generation { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Answer of <c>GET /v1/indexes</c>.</summary>
public sealed record IndexList
{
    /// <summary>The tenant's indexes by ascending name.</summary>
    public required IReadOnlyList<IndexDescription> Indexes { get; init; }
}
