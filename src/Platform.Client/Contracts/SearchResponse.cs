using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Answer of a search.</summary>
public sealed record SearchResponse
{
    /// <summary>Best first; equal scores by ascending id (bytes of UTF-8).</summary>
    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>Whether every shard answered; look at it before trusting an absence.</summary>
    public required Coverage Coverage { get; init; }

    /// <summary>How a sparse query was answered; null for BM25.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchExecution? Execution { get; init; }

    /// <summary>The facets, in the order asked; null if none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Facet>? Facets { get; init; }

    /// <summary>Milliseconds in the service.</summary>
    public required double TookMilliseconds { get; init; }
}

/// <summary>One found document.</summary>
public sealed record SearchHit
{
    /// <summary>The tenant's key.</summary>
    public required string Id { get; init; }

    /// <summary>Inner product of query and document: BM25 for text, weights for a sparse vector, components for a dense one; of a hybrid search the fused score. The same whatever the number of shards.</summary>
    public required double Score { get; init; }

    /// <summary>Of a search with <see cref="SearchRequest.Sort"/>: its value; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? SortValue { get; init; }

    /// <summary>Of a search with <see cref="SearchRequest.Group"/>: the value of its group; the hits of a group stand together, best first, and groups in the order of their best hits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Group { get; init; }

    /// <summary>The chosen stored fields, if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoredFields? Document { get; init; }

    /// <summary>The terms that matched, largest contribution first, if asked for; contributions sum to the score of a lexical or sparse search, or of that leg.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TermContribution>? Explanation { get; init; }

    /// <summary>Pieces of title and text where the matched terms stand, if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HighlightFragment>? Highlights { get; init; }

    /// <summary>Of a hybrid search: where each leg found the document, if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LegHit>? Legs { get; init; }
}

/// <summary>Where one leg of a hybrid search found a document.</summary>
/// <param name="Leg"><c>lexical</c>, <c>sparse</c> or <c>dense</c>.</param>
/// <param name="Rank">Its place in that leg's list, from 1; null if it is not among the hits that were fused.</param>
/// <param name="Score">Its score there; null without a rank.</param>
public sealed record LegHit(string Leg, int? Rank, double? Score);

/// <summary>Stored fields of a hit.</summary>
public sealed record StoredFields
{
    /// <summary>As ingested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>As ingested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>As ingested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, JsonElement>? Fields { get; init; }
}

/// <summary>What one term adds to a hit's score.</summary>
/// <param name="Term">The analysed term, or the term id of a sparse vector.</param>
/// <param name="QueryWeight">The term's weight in the query; for BM25 the inverse document frequency times its count in the query.</param>
/// <param name="DocumentWeight">The term's weight in the document.</param>
/// <param name="Contribution">Their product.</param>
public sealed record TermContribution(string Term, double QueryWeight, double DocumentWeight, double Contribution);
