using System.Text.Json;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Fields;

/// <summary>Checks one filter against the fields that its index declares, and makes the cluster's filter of it.</summary>
internal sealed class FilterReader(DeclaredFields fields)
{
    /// <summary>The most levels.</summary>
    public const int MaxDepth = 8;

    /// <summary>The most conditions and combinations.</summary>
    public const int MaxNodes = 256;

    /// <summary>The most values in all.</summary>
    public const int MaxValues = 1_024;

    private int _nodes;
    private int _values;

    /// <summary>Reads a filter; null for none.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="definition">The index's.</param>
    /// <exception cref="RequestException"><c>invalid_request</c> with place, value, limit and remedy.</exception>
    public static FilterNode? Read(Filter? filter, IndexDefinition definition) =>
        filter is null ? null : new FilterReader(new DeclaredFields(definition)).Read(filter, "filter", depth: 1);

    private FilterNode Read(Filter filter, string at, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Invalid($"Member '{at}' lies {depth} levels deep; at most {MaxDepth} are allowed. Put conditions of one kind beside each other.");
        }

        if (++_nodes > MaxNodes)
        {
            throw Invalid($"The filter has more than {MaxNodes} conditions and combinations. Use 'in' for many values of one field.");
        }

        return filter switch
        {
            null => throw Invalid($"Member '{at}' is null; it must be a filter."),
            _ when CountOf(filter) != 1 => throw Invalid($"Member '{at}' has {CountOf(filter)} members; a filter has exactly one of and, or, not, eq, in, range, exists and prefix. Join several with 'and'."),
            { AllOf: { } all } => Combine(FilterKind.And, all, $"{at}.and", depth),
            { AnyOf: { } any } => Combine(FilterKind.Or, any, $"{at}.or", depth),
            { NoneOf: { } none } => new FilterNode { Kind = FilterKind.Not, Children = [Read(none, $"{at}.not", depth + 1)] },
            { Present: { } name } => new FilterNode { Kind = FilterKind.Exists, Field = name, IsWords = IsWords(fields.TypeOf(name, $"Member '{at}.exists'")) },
            { Equal: { } equal } => In(One(equal, $"{at}.eq"), $"{at}.eq", value => [value]),
            { OneOf: { } one } => In(One(one, $"{at}.in"), $"{at}.in", values => values ?? []),
            { Within: { } within } => Range(One(within, $"{at}.range"), $"{at}.range"),
            _ => Prefix(One(filter.BeginsWith!, $"{at}.prefix"), $"{at}.prefix"),
        };
    }

    private static int CountOf(Filter filter) => ((object?[])[
        filter.AllOf, filter.AnyOf, filter.NoneOf, filter.Equal, filter.OneOf, filter.Within, filter.Present, filter.BeginsWith]).Count(member => member is not null);

    private FilterNode Combine(FilterKind kind, IReadOnlyList<Filter> children, string at, int depth) => children.Count == 0
        ? throw Invalid($"Member '{at}' is empty; it needs at least one filter.")
        : new FilterNode { Kind = kind, Children = [.. children.Select((child, i) => Read(child, $"{at}[{i}]", depth + 1))] };

    private FilterNode In<T>((string Field, T Given) condition, string at, Func<T, IReadOnlyList<JsonElement>> valuesOf)
    {
        string what = $"Member '{at}.{condition.Field}'";
        FieldType type = fields.TypeOf(condition.Field, $"Member '{at}'");
        IReadOnlyList<JsonElement> values = valuesOf(condition.Given);
        _values += values.Count;
        if (values.Count == 0)
        {
            throw Invalid($"{what} has no value; it needs at least one. Use 'exists' for any.");
        }

        if (_values > MaxValues)
        {
            throw Invalid($"The filter has more than {MaxValues} values. Split the request, or mark the documents with a field of their own.");
        }

        var node = new FilterNode { Kind = FilterKind.In, Field = condition.Field, IsWords = IsWords(type) };
        return node.IsWords
            ? node with { Words = [.. values.Select(value => DeclaredFields.Word(what, value))] }
            : node with { Scalars = [.. values.Select(value => DeclaredFields.Scalar(what, type, value))] };
    }

    private FilterNode Range((string Field, FilterRange Bounds) condition, string at)
    {
        string what = $"Member '{at}.{condition.Field}'";
        FieldType type = fields.TypeOf(condition.Field, $"Member '{at}'");
        if (type is not (FieldType.Number or FieldType.Date))
        {
            throw Invalid($"Member '{at}' names field '{condition.Field}', which is of type {FieldSpecs.NameOf(type)}; a range takes a number or a date. Use 'in', or 'prefix' for strings.");
        }

        (JsonElement? gt, JsonElement? gte, JsonElement? lt, JsonElement? lte) = condition.Bounds is { } bounds
            ? (bounds.Gt, bounds.Gte, bounds.Lt, bounds.Lte)
            : throw Invalid($"{what} is null; it must be an object of bounds.");
        if ((gt is not null && gte is not null) || (lt is not null && lte is not null) || (gt ?? gte ?? lt ?? lte) is null)
        {
            throw Invalid($"{what} must have at least one bound, and not both of gt and gte, nor of lt and lte.");
        }

        // Values are integers to the cluster: one further is the next one, and beyond the last there is none.
        long low = gt is { } above ? Of(above) + 1 : gte is { } from ? Of(from) : long.MinValue;
        long high = lt is { } below ? Of(below) - 1 : lte is { } to ? Of(to) : long.MaxValue;
        return new FilterNode { Kind = FilterKind.Range, Field = condition.Field, Scalars = [low, high] };

        long Of(JsonElement bound) => DeclaredFields.Scalar(what, type, bound);
    }

    private FilterNode Prefix((string Field, string Start) condition, string at)
    {
        FieldType type = fields.TypeOf(condition.Field, $"Member '{at}'");
        string start = DeclaredFields.Word($"Member '{at}.{condition.Field}'", DeclaredFields.ToJson(condition.Start ?? ""));
        return IsWords(type)
            ? new FilterNode { Kind = FilterKind.Prefix, Field = condition.Field, IsWords = true, Words = [start] }
            : throw Invalid($"Member '{at}' names field '{condition.Field}', which is of type {FieldSpecs.NameOf(type)}; a prefix takes a field of strings. Use 'range'.");
    }

    private static (string Field, T Value) One<T>(IReadOnlyDictionary<string, T> condition, string at) => condition.Count == 1
        ? (condition.First().Key, condition.First().Value)
        : throw Invalid($"Member '{at}' names {condition.Count} fields; it takes exactly one. Join several conditions with 'and'.");

    private static bool IsWords(FieldType type) => type is FieldType.Keyword or FieldType.Keywords;

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
