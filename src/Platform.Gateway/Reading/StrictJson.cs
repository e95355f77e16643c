using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Reading;

/// <summary>Reads a request's JSON and, where it is wrong, says in the caller's words what and where.</summary>
internal static partial class StrictJson
{
    /// <summary>Reads one JSON object.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="type">What it must be.</param>
    /// <exception cref="RequestException"><c>invalid_json</c>, with the place.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type)
                ?? throw new RequestException(Fault.InvalidJson("The text is null; expected a JSON object."));
        }
        catch (JsonException fault)
        {
            throw new RequestException(Fault.InvalidJson(Describe(fault, type)));
        }
    }

    private static string Describe(JsonException fault, JsonTypeInfo type)
    {
        string place = string.Create(
            CultureInfo.InvariantCulture, $"line {fault.LineNumber.GetValueOrDefault() + 1}, byte {fault.BytePositionInLine.GetValueOrDefault() + 1}");

        // A fault of the JSON itself has the reader's exception within; a fault of shape has another one, or none.
        if (fault.InnerException is JsonException syntax)
        {
            string reason = PositionSuffix().Replace(syntax.Message, "");
            string hint = reason.StartsWith("'N'", StringComparison.Ordinal) || reason.StartsWith("'I'", StringComparison.Ordinal)
                ? " JSON has no NaN or Infinity." : "";
            return $"Not valid JSON at {place}: {reason}{hint}";
        }

        return $"{DescribeShape(fault, type)} (at {place}).";
    }

    private static string DescribeShape(JsonException fault, JsonTypeInfo type)
    {
        string path = (fault.Path ?? "$").TrimStart('$').TrimStart('.');
        string member = path;
        foreach (Match step in PathStep().Matches(fault.Path ?? "$"))
        {
            if (type.Kind == JsonTypeInfoKind.Object)
            {
                member = step.Groups["name"].Value;
                JsonPropertyInfo? property = type.Properties.FirstOrDefault(
                    p => string.Equals(p.Name, member, StringComparison.OrdinalIgnoreCase));
                if (property is null)
                {
                    return DescribeUnknown(member, type);
                }

                type = type.Options.GetTypeInfo(property.PropertyType);
            }
            else if (type.ElementType is { } element)
            {
                type = type.Options.GetTypeInfo(element);
            }
        }

        return fault.Message.StartsWith("Duplicate", StringComparison.Ordinal)
            ? $"Member '{Fault.Shorten(path)}' stands twice, or an object within it repeats a member; keep one"
            : $"{(path.Length == 0 ? "The text" : $"Member '{Fault.Shorten(path)}'")} is not {Expected(type)}";
    }

    private static string DescribeUnknown(string member, JsonTypeInfo type)
    {
        string known = string.Join(", ", type.Properties.Select(p => p.Name));
        return string.Equals(member, "_id", StringComparison.Ordinal)
            ? $"Member '_id' is not known: use 'id'. Known members: {known}"
            : $"Member '{Fault.Shorten(member)}' is not known. Known members: {known}; a document's own values go into 'fields'";
    }

    private static string Expected(JsonTypeInfo type) => type.Kind switch
    {
        _ when type.Type == typeof(EmbeddingInput) => "a text or an array of texts; token ids are not taken, because the model's contract decides how text becomes tokens",
        _ when type.Type == typeof(DenseVector) => "an array of numbers, or base64 of little-endian 32-bit floats",
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "a JSON object",
        JsonTypeInfoKind.Enumerable => "an array",
        _ when type.Type == typeof(string) => "a string of valid Unicode in double quotes",
        _ when type.Type == typeof(bool) => "true or false",
        _ when type.Type == typeof(int) => "a whole number of 32 bits",
        _ when type.Type == typeof(long) => "a whole number of 64 bits",
        _ when type.Type == typeof(double) => "a number",
        _ => "a valid value",
    };

    [GeneratedRegex(@"\s*LineNumber: \d+ \| BytePositionInLine: \d+\.?$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PositionSuffix();

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>.*?)'\]|\[\d+\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PathStep();
}
