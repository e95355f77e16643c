using System.CommandLine;

namespace Platform.Cli.Commands;

/// <summary>An index's declared fields, by options.</summary>
internal sealed class FieldOptions
{
    private readonly Option<string[]> _fields = new("--field")
    {
        HelpName = "NAME=TYPE",
        Description = "Declare a field of documents, to filter by and to count: keyword, keywords (a list), number, date, boolean; or stored, without filters. May be given again.",
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_fields];

    /// <summary>What they say; null if none was given.</summary>
    /// <exception cref="CommandFaultException">One is not NAME=TYPE, or a name stands twice.</exception>
    public IReadOnlyDictionary<string, string>? Read(ParseResult arguments)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string field in arguments.GetValue(_fields) ?? [])
        {
            int at = field.LastIndexOf('=');
            if (at < 1 || !fields.TryAdd(field[..at], field[(at + 1)..]))
            {
                throw CommandFaultException.Usage($"--field '{field}' is not NAME=TYPE, or its name stands twice; for example --field lang=keyword.");
            }
        }

        return fields.Count == 0 ? null : fields;
    }

    /// <summary>An end of a sentence about an index; empty without fields.</summary>
    public static string Describe(IReadOnlyDictionary<string, string>? fields) =>
        fields is null ? "" : $", fields {string.Join(", ", fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key} {field.Value}"))}";
}
