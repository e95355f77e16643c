using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>A condition on a document's declared fields: exactly one of its members is given, and a condition names one field.</summary>
/// <remarks>
/// Write it with the static methods: <c>Filter.And(Filter.Eq("lang", "en"), Filter.Range("year", gte: 2000))</c>. In JSON:
/// <c>{"and": [{"eq": {"lang": "en"}}, {"range": {"year": {"gte": 2000}}}]}</c>. A document without a value in a field matches no condition on it, and
/// so matches its negation. At most 8 levels and 256 conditions, with 1,024 values in all.
/// </remarks>
public sealed record Filter
{
    /// <summary>Every one of these matches.</summary>
    [JsonPropertyName("and"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Filter>? AllOf { get; init; }

    /// <summary>At least one of these matches.</summary>
    [JsonPropertyName("or"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Filter>? AnyOf { get; init; }

    /// <summary>This does not match.</summary>
    [JsonPropertyName("not"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Filter? NoneOf { get; init; }

    /// <summary>The field has the value: of <c>keywords</c>, among others.</summary>
    [JsonPropertyName("eq"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Equal { get; init; }

    /// <summary>The field has one of the values.</summary>
    [JsonPropertyName("in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? OneOf { get; init; }

    /// <summary>The number or date lies within bounds.</summary>
    [JsonPropertyName("range"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, FilterRange>? Within { get; init; }

    /// <summary>The field of this name has a value.</summary>
    [JsonPropertyName("exists"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Present { get; init; }

    /// <summary>The string, or one of them, begins with this, byte by byte of UTF-8.</summary>
    [JsonPropertyName("prefix"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? BeginsWith { get; init; }

    /// <summary>Every one matches.</summary>
    public static Filter And(params IReadOnlyList<Filter> filters) => new() { AllOf = filters };

    /// <summary>At least one matches.</summary>
    public static Filter Or(params IReadOnlyList<Filter> filters) => new() { AnyOf = filters };

    /// <summary>It does not match.</summary>
    public static Filter Not(Filter filter) => new() { NoneOf = filter };

    /// <summary>The field has the string.</summary>
    public static Filter Eq(string field, string value) => EqualTo(field, Json(value));

    /// <summary>The field is the number.</summary>
    public static Filter Eq(string field, double value) => EqualTo(field, Json(value));

    /// <summary>The field is true, or is false.</summary>
    public static Filter Eq(string field, bool value) => EqualTo(field, JsonSerializer.SerializeToElement(value, PlatformJson.Default.Boolean));

    /// <summary>The field is the moment.</summary>
    public static Filter Eq(string field, DateTimeOffset value) => EqualTo(field, Json(value));

    /// <summary>The field has one of the strings.</summary>
    public static Filter In(string field, params IEnumerable<string> values) => AmongThese(field, values.Select(Json));

    /// <summary>The field is one of the numbers.</summary>
    public static Filter In(string field, params IEnumerable<double> values) => AmongThese(field, values.Select(Json));

    /// <summary>The field is one of the moments.</summary>
    public static Filter In(string field, params IEnumerable<DateTimeOffset> values) => AmongThese(field, values.Select(Json));

    /// <summary>The number lies within the bounds that are given.</summary>
    public static Filter Range(string field, double? gt = null, double? gte = null, double? lt = null, double? lte = null) =>
        Between(field, Bound(gt), Bound(gte), Bound(lt), Bound(lte));

    /// <summary>The moment lies within the bounds that are given.</summary>
    public static Filter Range(string field, DateTimeOffset? gt = null, DateTimeOffset? gte = null, DateTimeOffset? lt = null, DateTimeOffset? lte = null) =>
        Between(field, Bound(gt), Bound(gte), Bound(lt), Bound(lte));

    /// <summary>The field has a value.</summary>
    public static Filter Exists(string field) => new() { Present = field };

    /// <summary>The string, or one of them, begins with this.</summary>
    public static Filter Prefix(string field, string start) => new() { BeginsWith = new Dictionary<string, string>(StringComparer.Ordinal) { [field] = start } };

    private static Filter EqualTo(string field, JsonElement value) =>
        new() { Equal = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [field] = value } };

    private static Filter AmongThese(string field, IEnumerable<JsonElement> values) =>
        new() { OneOf = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal) { [field] = [.. values] } };

    private static Filter Between(string field, JsonElement? gt, JsonElement? gte, JsonElement? lt, JsonElement? lte) => new()
    {
        Within = new Dictionary<string, FilterRange>(StringComparer.Ordinal) { [field] = new FilterRange { Gt = gt, Gte = gte, Lt = lt, Lte = lte } },
    };

    private static JsonElement? Bound(double? value) => value is { } number ? Json(number) : null;

    private static JsonElement? Bound(DateTimeOffset? value) => value is { } date ? Json(date) : null;

    private static JsonElement Json(string value) => JsonSerializer.SerializeToElement(value, PlatformJson.Default.String);

    private static JsonElement Json(double value) => JsonSerializer.SerializeToElement(value, PlatformJson.Default.Double);

    private static JsonElement Json(DateTimeOffset value) => Json(value.ToString("O", CultureInfo.InvariantCulture));
}

/// <summary>Bounds of a number, or of a date as a string: at least one is given.</summary>
public sealed record FilterRange
{
    /// <summary>Above this.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Gt { get; init; }

    /// <summary>This or above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Gte { get; init; }

    /// <summary>Below this.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Lt { get; init; }

    /// <summary>This or below.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Lte { get; init; }
}
