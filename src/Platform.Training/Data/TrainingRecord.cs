using System.Text.Json;

namespace Platform.Training.Data;

/// <summary>One JSON object of a training file, whose faults name the file, the line and the field.</summary>
internal readonly record struct TrainingRecord(string Path, long Line, JsonElement Json)
{
    public IEnumerable<string> FieldNames => Json.EnumerateObject().Select(property => property.Name);

    public TrainingFormatException Fault(string found, string expected, string remedy) =>
        TrainingFormatException.At(Path, Line, found, expected, remedy);

    public bool Has(string field) => Json.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string field) => TextOf(Field(field), field);

    public string OptionalText(string field) =>
        !Has(field) ? "" : StringOf(Field(field)) ?? throw WrongKind(field, Field(field), "a string");

    public string Id(string field) => IdOf(Field(field), field);

    public string? OptionalId(string field) => Has(field) ? Id(field) : null;

    /// <summary>Returns a score; null where there is none, which is a fault where <paramref name="required"/>.</summary>
    public float? Score(string field, bool required) => Has(field) || required ? ScoreOf(Field(field), field) : null;

    public IReadOnlyList<string> Ids(string field) => Items(field, atLeast: 0, IdOf);

    /// <summary>Returns the texts of a list; a missing list is empty where none is needed.</summary>
    public IReadOnlyList<string> Texts(string field, int atLeast) =>
        atLeast == 0 && !Has(field) ? [] : Items(field, atLeast, TextOf);

    public IReadOnlyList<TrainingRecord> Records(string field, int atLeast)
    {
        TrainingRecord record = this;
        return Items(field, atLeast, (item, name) => item.ValueKind == JsonValueKind.Object
            ? record with { Json = item }
            : throw record.WrongKind(name, item, "objects"));
    }

    /// <summary>Returns a list of scores; null where there is none, which is a fault where <paramref name="required"/>.</summary>
    public IReadOnlyList<float>? Scores(string field, bool required) =>
        Has(field) || required ? Items(field, atLeast: 0, ScoreOf) : null;

    public void CheckScoreCount(string field, int passages, IReadOnlyList<float>? scores)
    {
        if (scores is not null && scores.Count != passages)
        {
            throw Fault($"{scores.Count} scores for {passages} passages in {field}", "one score a passage",
                "Score every passage, or leave the scores out of the whole file.");
        }
    }

    private JsonElement Field(string name) => Has(name)
        ? Json.GetProperty(name)
        : throw Fault($"no {name}", $"the field {name}", "Add it, or name the layout that the file has.");

    private T[] Items<T>(string field, int atLeast, Func<JsonElement, string, T> convert)
    {
        JsonElement list = Field(field);
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw WrongKind(field, list, "a list");
        }

        if (list.GetArrayLength() < atLeast)
        {
            throw Fault($"{field} with {list.GetArrayLength()} passages", $"{atLeast} or more", "Remove the example.");
        }

        return [.. list.EnumerateArray().Select(item => convert(item, field))];
    }

    private string TextOf(JsonElement value, string field)
    {
        string text = StringOf(value) ?? throw WrongKind(field, value, "a string");
        return string.IsNullOrWhiteSpace(text)
            ? throw Fault($"a blank text in {field}", "a text to encode", "Remove the example or the passage.")
            : text;
    }

    private string IdOf(JsonElement value, string field)
    {
        string? id = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : StringOf(value);
        return string.IsNullOrWhiteSpace(id) ? throw WrongKind(field, value, "ids: strings or numbers") : id;
    }

    private float ScoreOf(JsonElement value, string field) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float score) && float.IsFinite(score)
            ? score
            : throw WrongKind(field, value, "finite numbers");

    /// <summary>Returns a string's value; null for any other kind, and for a string that is no Unicode text.</summary>
    private static string? StringOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate, escaped
        }
    }

    private TrainingFormatException WrongKind(string field, JsonElement value, string expected)
    {
        string raw = value.GetRawText();
        return Fault($"{(raw.Length <= 40 ? raw : raw[..40] + "…")} in {field}", expected, "Correct the field.");
    }
}
