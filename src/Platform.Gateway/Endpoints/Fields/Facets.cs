using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Fields;

/// <summary>Between the contract's words for facets and the cluster's.</summary>
internal static class Facets
{
    private const int MaxFields = 16;
    private const int MaxTop = 1_000;

    /// <summary>Checks what is asked for; null for none.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>.</exception>
    public static FacetWanted[]? Validate(IReadOnlyList<FacetSpec>? facets, IndexDefinition index)
    {
        if (facets is null or { Count: 0 })
        {
            return null;
        }

        if (facets.Count > MaxFields)
        {
            throw Invalid($"Member 'facets' has {facets.Count} entries; at most {MaxFields} are allowed.");
        }

        var fields = new DeclaredFields(index);
        return [.. facets.Select((facet, i) => Validate(facet, i, fields))];
    }

    /// <summary>The counts as a caller reads them.</summary>
    public static IReadOnlyList<Facet>? Describe(FacetCounts[]? counts, IndexDefinition? index) => counts is null || index is null ? null :
    [
        .. counts.Select(counted => new Facet
        {
            Field = counted.Field,
            Values = counted.Words is { } words
                ? [.. words.Zip(counted.Counts, (word, count) => new FacetValue(DeclaredFields.ToJson(word), count))]
                : [.. counted.Scalars!.Zip(counted.Counts, (scalar, count) => new FacetValue(DeclaredFields.ToJson(TypeOf(index, counted.Field), scalar), count))],
            Distinct = counted.Distinct,
        }),
    ];

    private static FacetWanted Validate(FacetSpec facet, int i, DeclaredFields fields)
    {
        if (facet?.Field is not { } name)
        {
            throw Invalid($"Member 'facets[{i}].field' is missing; name a declared field.");
        }

        FieldType type = fields.TypeOf(name, $"Member 'facets[{i}]'");
        return facet.Top is >= 1 and <= MaxTop
            ? new FacetWanted(name, type is FieldType.Keyword or FieldType.Keywords, facet.Top)
            : throw Invalid($"Member 'facets[{i}].top' is {facet.Top}; it must be 1 to {MaxTop}.");
    }

    private static FieldType TypeOf(IndexDefinition index, string field) => index.Fields!.First(declared => declared.Name == field).Type;

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
