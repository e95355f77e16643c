using System.Text.Json;

namespace Platform.Client.Contracts;

/// <summary>Asks how often each value of a field occurs.</summary>
public sealed record FacetSpec
{
    /// <summary>A declared field of the index that is not <c>stored</c>.</summary>
    public required string Field { get; init; }

    /// <summary>How many values, the most frequent first, 1 to 1,000.</summary>
    public int Top { get; set; } = 10;
}

/// <summary>How often values of a field occur among the documents that a search matches: those with a term of the query, or with a vector, within the filter.</summary>
public sealed record Facet
{
    /// <summary>The field.</summary>
    public required string Field { get; init; }

    /// <summary>The most frequent values; equally frequent ones ascending. Exact, whatever the number of shards.</summary>
    public required IReadOnlyList<FacetValue> Values { get; init; }

    /// <summary>How many different values there are in all; more than 10,000 are refused.</summary>
    public required int Distinct { get; init; }
}

/// <summary>One value of a facet.</summary>
/// <param name="Value">A string, a number, true or false; a date as a string.</param>
/// <param name="Count">Documents that have it.</param>
public sealed record FacetValue(JsonElement Value, long Count);
