using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Fields;

/// <summary>The fields that one index declares: what a document, a filter or a facet may say of them.</summary>
internal sealed class DeclaredFields(IndexDefinition index)
{
    /// <summary>The most bytes of one string in UTF-8.</summary>
    public const int MaxWordBytes = 512;

    /// <summary>The most strings of one field of one document.</summary>
    public const int MaxWords = 256;

    private readonly Dictionary<string, FieldType> _types = (index.Fields ?? []).ToDictionary(field => field.Name, field => field.Type, StringComparer.Ordinal);

    /// <summary>A document's values of the declared fields; null for none.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> or <c>too_large</c>, with field, value, limit and remedy.</exception>
    public DocumentField[]? Read(IReadOnlyDictionary<string, JsonElement>? values)
    {
        if (_types.Count == 0 || values is null)
        {
            return null;
        }

        List<DocumentField> fields = [];
        foreach ((string name, JsonElement value) in values)
        {
            if (!_types.TryGetValue(name, out FieldType type))
            {
                throw Unknown($"Member 'fields.{Fault.Shorten(name)}'", "Leave it out, or declare it in another index; type stored keeps any JSON.");
            }

            if (type != FieldType.Stored && value.ValueKind != JsonValueKind.Null && Read(name, type, value) is { } field)
            {
                fields.Add(field);
            }
        }

        return fields.Count == 0 ? null : [.. fields];
    }

    /// <summary>The type of a field that a filter or facet names.</summary>
    /// <param name="name">The field.</param>
    /// <param name="what">What names it, for the message.</param>
    /// <exception cref="RequestException"><c>invalid_request</c>: it is not declared, or only stored.</exception>
    public FieldType TypeOf(string name, string what) => !_types.TryGetValue(name, out FieldType type)
        ? throw Unknown($"{what} names field '{Fault.Shorten(name)}', which", "Name one of these, or declare the field in another index.")
        : type == FieldType.Stored
        ? throw Invalid($"{what} names field '{name}', which is of type stored; it takes fields of the other types.")
        : type;

    /// <summary>One value of a field as a string.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> or <c>too_large</c>.</exception>
    public static string Word(string what, JsonElement value)
    {
        string word = value.ValueKind == JsonValueKind.String ? Text(what, value) : throw Mismatch(what, value, "a string");
        int bytes = Encoding.UTF8.GetByteCount(word);
        return bytes <= MaxWordBytes
            ? word
            : throw new RequestException(Fault.TooLarge($"{what} is {bytes} bytes of UTF-8; at most {MaxWordBytes} are allowed. Shorten it, or keep it in a field of type stored."));
    }

    /// <summary>One value of a field that holds no strings.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>.</exception>
    public static long Scalar(string what, FieldType type, JsonElement value) => type switch
    {
        FieldType.Number => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? FieldScalars.OfNumber(number)
            : throw Mismatch(what, value, "a finite number"),
        FieldType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? FieldScalars.OfBoolean(value.GetBoolean())
            : throw Mismatch(what, value, "true or false"),
        _ => value.ValueKind == JsonValueKind.String && Date(Text(what, value)) is { } date
            ? FieldScalars.OfDate(date)
            : throw Mismatch(what, value, "a date as '2024-05-31' or '2024-05-31T08:30:00Z', with an offset or Z after a time"),
    };

    /// <summary>A value as a caller reads it.</summary>
    public static JsonElement ToJson(FieldType type, long scalar) => type switch
    {
        FieldType.Number => JsonSerializer.SerializeToElement(FieldScalars.ToNumber(scalar), Client.Contracts.PlatformJson.Default.Double),
        FieldType.Boolean => JsonSerializer.SerializeToElement(scalar != 0, Client.Contracts.PlatformJson.Default.Boolean),
        _ => ToJson(FieldScalars.ToDate(scalar).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
    };

    /// <summary>A value as a caller reads it.</summary>
    public static JsonElement ToJson(string word) => JsonSerializer.SerializeToElement(word, Client.Contracts.PlatformJson.Default.String);

    private static DocumentField? Read(string name, FieldType type, JsonElement value)
    {
        string what = $"Member 'fields.{name}'";
        switch (type)
        {
            case FieldType.Keyword:
                return new DocumentField { Name = name, Words = [Word(what, value)] };
            case FieldType.Keywords when value.ValueKind == JsonValueKind.Array:
                int count = value.GetArrayLength();
                return count > MaxWords
                    ? throw new RequestException(Fault.TooLarge($"{what} has {count} strings; at most {MaxWords} are allowed. Keep fewer."))
                    : count == 0 ? null : new DocumentField { Name = name, Words = [.. value.EnumerateArray().Select((word, i) => Word($"Member 'fields.{name}[{i}]'", word))] };
            case FieldType.Keywords:
                return value.ValueKind == JsonValueKind.String
                    ? new DocumentField { Name = name, Words = [Word(what, value)] }
                    : throw Mismatch(what, value, "a string or an array of strings");
            default:
                return new DocumentField { Name = name, Scalar = Scalar(what, type, value) };
        }
    }

    private static DateTimeOffset? Date(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        }

        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date
            : null;
    }

    private static string Text(string what, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RequestException(Fault.InvalidJson($"{what} holds text that is not valid Unicode, for example half of a surrogate pair."));
        }
    }

    private RequestException Unknown(string what, string remedy) => Invalid(_types.Count == 0
        ? $"{what} is not declared: index '{index.Name}' declares no fields. Create an index with member 'fields'."
        : $"{what} is not declared; index '{index.Name}' declares {string.Join(", ", _types.Keys.Order(StringComparer.Ordinal))}. {remedy}");

    private static RequestException Mismatch(string what, JsonElement value, string expected) =>
        Invalid($"{what} is {Fault.Shorten(value.GetRawText())}; it must be {expected}.");

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
