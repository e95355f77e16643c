using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Which stored fields a hit carries: <c>title</c>, <c>text</c>, <c>fields</c>, or one of them as <c>fields.NAME</c>.</summary>
internal sealed class FieldSelection
{
    /// <summary>The most names of one selection.</summary>
    public const int MaxNames = 256;

    private const string FieldPrefix = "fields.";

    private readonly bool _title;
    private readonly bool _text;
    private readonly bool _allFields;
    private readonly HashSet<string> _fields = new(StringComparer.Ordinal);

    private FieldSelection(bool all) => _title = _text = _allFields = all;

    private FieldSelection(IReadOnlyList<string> names)
    {
        if (names.Count > MaxNames)
        {
            throw new RequestException(Fault.Invalid($"Member 'fields' has {names.Count} names; at most {MaxNames} are allowed. Ask for 'fields' as a whole."));
        }

        foreach (string? name in names)
        {
            switch (name)
            {
                case "title":
                    _title = true;
                    break;
                case "text":
                    _text = true;
                    break;
                case "fields":
                    _allFields = true;
                    break;
                case not null when name.StartsWith(FieldPrefix, StringComparison.Ordinal) && name.Length > FieldPrefix.Length:
                    _fields.Add(name[FieldPrefix.Length..]);
                    break;
                default:
                    throw new RequestException(Fault.Invalid($"Member 'fields' names '{Fault.Shorten(name ?? "null")}'; it takes title, text, fields, and fields.NAME."));
            }
        }
    }

    /// <summary>True if no field is chosen.</summary>
    public bool IsEmpty => !_title && !_text && !_allFields && _fields.Count == 0;

    /// <summary>The selection that a search asks for; null means all.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> for a name of another form.</exception>
    public static FieldSelection Of(IReadOnlyList<string>? names) => names is null ? new FieldSelection(all: true) : new FieldSelection(names);

    /// <summary>What the selection leaves of a document.</summary>
    public StoredFields Apply(StoredFields stored) => new()
    {
        Title = _title ? stored.Title : null,
        Text = _text ? stored.Text : null,
        Fields = _allFields ? stored.Fields : Some(stored.Fields),
    };

    private Dictionary<string, JsonElement>? Some(Dictionary<string, JsonElement>? stored)
    {
        if (stored is null || _fields.Count == 0)
        {
            return null;
        }

        var some = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in stored)
        {
            if (_fields.Contains(name))
            {
                some.Add(name, value);
            }
        }

        return some.Count == 0 ? null : some;
    }
}
