using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Fields;

/// <summary>Between the contract's words for an index's fields and the cluster's.</summary>
internal static class FieldSpecs
{
    private static readonly Dictionary<string, FieldType> Types = new(StringComparer.Ordinal)
    {
        ["keyword"] = FieldType.Keyword,
        ["keywords"] = FieldType.Keywords,
        ["number"] = FieldType.Number,
        ["date"] = FieldType.Date,
        ["boolean"] = FieldType.Boolean,
        ["stored"] = FieldType.Stored,
    };

    /// <summary>A type as the contract calls it.</summary>
    public static string NameOf(FieldType type) => Types.First(entry => entry.Value == type).Key;

    /// <summary>Checks what an index declares; null for nothing.</summary>
    /// <param name="fields">Names with types.</param>
    /// <param name="faults">Takes every broken rule, in words.</param>
    public static FieldDefinition[]? Validate(IReadOnlyDictionary<string, string>? fields, List<string> faults)
    {
        if (fields is null or { Count: 0 })
        {
            return null;
        }

        if (fields.Count > FieldNames.MostFields)
        {
            faults.Add($"Member 'fields' declares {fields.Count} fields; at most {FieldNames.MostFields} are allowed. Put values that need no filter into one field of type stored.");
        }

        foreach ((string name, string type) in fields)
        {
            if (!FieldNames.IsValid(name))
            {
                faults.Add($"Member 'fields' declares '{Fault.Shorten(name)}'; a field's name is {FieldNames.Rule}.");
            }

            if (type is null || !Types.ContainsKey(type))
            {
                faults.Add($"Member 'fields.{Fault.Shorten(name)}' is '{Fault.Shorten(type ?? "null")}'; it must be one of {string.Join(", ", Types.Keys)}.");
            }
        }

        return faults.Count > 0
            ? null
            : [.. fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => new FieldDefinition(field.Key, Types[field.Value]))];
    }

    /// <summary>What an index declares, as its tenant sees it; null for nothing.</summary>
    public static IReadOnlyDictionary<string, string>? Describe(FieldDefinition[]? fields) => fields is null or []
        ? null
        : fields.ToDictionary(field => field.Name, field => NameOf(field.Type), StringComparer.Ordinal);
}
