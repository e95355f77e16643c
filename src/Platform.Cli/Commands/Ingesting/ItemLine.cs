using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>Reads one line of a file of documents: our own bulk format (<c>id</c>), or a BEIR corpus (<c>_id</c>).</summary>
internal static class ItemLine
{
    private const string Shapes = """write {"id": "1", "title": "…", "text": "…"} or, as in BEIR, {"_id": "1", "title": "…", "text": "…"}""";

    // A member that we would not send on must not vanish without a word.
    private static readonly PlatformJson Strict = new(new JsonSerializerOptions(PlatformJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is no document; the message says what is wrong and the remedy.</exception>
    public static BulkItem Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException($"found a JSON {root.ValueKind}; {Shapes}");
            }

            return root.TryGetProperty("_id"u8, out JsonElement id) ? ReadBeir(root, id) : root.Deserialize(Strict.BulkItem)!;
        }
        catch (JsonException fault)
        {
            throw new FormatException($"{fault.Message.Split(" Path:", 2)[0].TrimEnd('.')}; {Shapes}", fault);
        }
    }

    /// <summary>A BEIR line; what is neither id, title nor text is stored as a field, and so are the members of <c>metadata</c>.</summary>
    private static BulkItem ReadBeir(JsonElement root, JsonElement id)
    {
        Dictionary<string, JsonElement> fields = [];
        string? title = null;
        string? text = null;
        foreach (JsonProperty member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "_id":
                    break;
                case "title":
                    title = StringOf(member);
                    break;
                case "text":
                    text = StringOf(member);
                    break;
                case "metadata" when member.Value.ValueKind is JsonValueKind.Object:
                    foreach (JsonProperty inner in member.Value.EnumerateObject())
                    {
                        fields[inner.Name] = inner.Value.Clone();
                    }

                    break;
                default:
                    fields[member.Name] = member.Value.Clone();
                    break;
            }
        }

        return new BulkItem
        {
            Id = id.ValueKind is JsonValueKind.String ? id.GetString()! : id.GetRawText(),
            Title = string.IsNullOrEmpty(title) ? null : title,
            Text = text,
            Fields = fields.Count == 0 ? null : fields,
        };
    }

    private static string? StringOf(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.String => member.Value.GetString(),
        JsonValueKind.Null => null,
        _ => throw new FormatException($"'{member.Name}' is a JSON {member.Value.ValueKind}; it must be a string"),
    };
}
