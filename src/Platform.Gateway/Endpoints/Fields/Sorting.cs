using System.Text.Json;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Fields;

/// <summary>Between the contract's words for an order or groups and the cluster's.</summary>
internal static class Sorting
{
    private const int MaxGroups = 100;
    private const int MaxGroupSize = 10;

    /// <summary>Checks what is asked for; null for the best first.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>.</exception>
    public static FieldOrder? Validate(SortSpec? sort, IndexDefinition index)
    {
        if (sort is null)
        {
            return null;
        }

        if (sort.Field is not { } name)
        {
            throw Invalid("Member 'sort.field' is missing; name a declared field.");
        }

        FieldType type = new DeclaredFields(index).TypeOf(name, "Member 'sort'");
        return type == FieldType.Keywords
            ? throw Invalid($"Member 'sort' names field '{name}', which is of type keywords; an order needs a field of one value.")
            : sort.Order is not ("asc" or "desc")
            ? throw Invalid($"Member 'sort.order' is '{Fault.Shorten(sort.Order)}'; it must be asc or desc.")
            : new FieldOrder(name, type == FieldType.Keyword, sort.Order == "desc");
    }

    /// <summary>Checks which groups are asked for; null for none.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>.</exception>
    public static Grouping? Validate(GroupSpec? group, SearchRequest request, IndexDefinition index)
    {
        if (group is null)
        {
            return null;
        }

        if (request.Sort is not null)
        {
            throw Invalid("Members 'group' and 'sort' exclude each other: groups come in the order of their best hits. Leave one out.");
        }

        if (group.Size is < 1 or > MaxGroupSize)
        {
            throw Invalid($"Member 'group.size' is {group.Size}; it must be 1 to {MaxGroupSize}.");
        }

        if (request.Offset + request.Top > MaxGroups)
        {
            throw Invalid($"Members 'top' and 'offset' are {request.Top} and {request.Offset}; with 'group' they count groups, and together are at most {MaxGroups}.");
        }

        string name = group.Field ?? throw Invalid("Member 'group.field' is missing; name a declared field.");
        FieldType type = new DeclaredFields(index).TypeOf(name, "Member 'group'");
        return type == FieldType.Keywords
            ? throw Invalid($"Member 'group' names field '{name}', which is of type keywords; a group needs a field of one value.")
            : new Grouping(name, type == FieldType.Keyword, group.Size);
    }

    /// <summary>A hit's value of a field as a caller reads it; null without one.</summary>
    public static JsonElement? ValueOf(DocumentValue? hit, string? field, IndexDefinition? index) =>
        hit is not { HasValue: true } || field is null || index is null ? null
        : hit.Word is { } word ? DeclaredFields.ToJson(word)
        : DeclaredFields.ToJson(index.Fields!.First(declared => declared.Name == field).Type, hit.Scalar);

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
