using System.Text;
using CsCheck;
using Platform.Indexing.Fields;

namespace Platform.Indexing.Tests.Fields;

/// <summary>The slow twin of filters: looks at one document's values; and draws of both.</summary>
internal static class FilterOracle
{
    private static readonly string[] Words = ["en", "de", "é", "\uE000", "😀", "", "en/us", "en/gb"];
    private static readonly string[] WordFields = ["lang", "both", "absent"];
    private static readonly string[] ScalarFields = ["year", "flag", "both", "absent"];
    private static readonly long[] Scalars = [long.MinValue, -1, 0, 1, 2, 300, 70_000, 5_000_000_000, long.MaxValue];

    private static readonly Gen<FieldValue> WordValues = Gen.OneOf(Words).Array[0, 3].Select(words => FieldValue.OfKeywords("lang", words));
    private static readonly Gen<FieldValue> Years = Gen.OneOf(Scalars).Select(year => FieldValue.OfScalar("year", year));
    private static readonly Gen<FieldValue> Flags = Gen.Long[0, 1].Select(flag => FieldValue.OfScalar("flag", flag));
    private static readonly Gen<FieldValue> Both = Gen.Select(Gen.Bool, Gen.OneOf(Words), Gen.OneOf(Scalars), (isWord, word, scalar) =>
        isWord ? FieldValue.OfKeywords("both", word) : FieldValue.OfScalar("both", scalar));

    private static readonly Gen<FieldFilter> Leaves = Gen.OneOf<FieldFilter>(
        Gen.Select(Gen.OneOf(WordFields), Gen.OneOf(Words).Array[1, 3], (field, words) => (FieldFilter)new FieldFilter.AnyOf(field, words)),
        Gen.Select(Gen.OneOf(WordFields), Gen.OneOf("", "e", "en", "en/", "\uE000", "zz"), (field, start) => (FieldFilter)new FieldFilter.Prefix(field, start)),
        Gen.Select(Gen.OneOf(ScalarFields), Gen.OneOf(Scalars).Array[1, 3], (field, values) => (FieldFilter)new FieldFilter.OneOf(field, values)),
        Gen.Select(Gen.OneOf(ScalarFields), Gen.OneOf(Scalars), Gen.OneOf(Scalars), (field, low, high) => (FieldFilter)new FieldFilter.Between(field, low, high)),
        Gen.Select(Gen.OneOf("lang", "year", "both", "absent"), Gen.Enum<FieldKind>(), (field, kind) => (FieldFilter)new FieldFilter.Exists(field, kind)));

    /// <summary>Some of the fields, each at most once.</summary>
    public static Gen<FieldValue[]> Values { get; } = Gen.Select(WordValues, Years, Flags, Both, Gen.Int[0, 15], (lang, year, flag, both, chosen) =>
        ((FieldValue[])[lang, year, flag, both]).Where((_, i) => (chosen >> i & 1) != 0).ToArray());

    /// <summary>Conditions and combinations of up to three levels.</summary>
    public static Gen<FieldFilter> Filters { get; } = FiltersOf(depth: 3);

    /// <summary>A fixed set, for histories that are not drawn.</summary>
    public static FieldFilter[] Fixed { get; } =
    [
        new FieldFilter.AnyOf("lang", ["en", "é"]),
        new FieldFilter.Every([new FieldFilter.Except(new FieldFilter.Prefix("lang", "en/")), new FieldFilter.Between("year", 0, 300)]),
        new FieldFilter.Some([new FieldFilter.OneOf("flag", [1]), new FieldFilter.Exists("both", FieldKind.Keywords)]),
    ];

    public static bool Matches(FieldFilter filter, IReadOnlyList<FieldValue> values)
    {
        return filter switch
        {
            FieldFilter.Every and => and.All.All(child => Matches(child, values)),
            FieldFilter.Some or => or.Any.Any(child => Matches(child, values)),
            FieldFilter.Except not => !Matches(not.Other, values),
            FieldFilter.AnyOf any => WordsOf(any.Field).Any(word => any.Words.Contains(word)),
            FieldFilter.Prefix prefix => WordsOf(prefix.Field).Any(word => Encoding.UTF8.GetBytes(word).AsSpan().StartsWith(Encoding.UTF8.GetBytes(prefix.Start))),
            FieldFilter.OneOf one => ScalarsOf(one.Field).Any(value => one.Values.Contains(value)),
            FieldFilter.Between between => ScalarsOf(between.Field).Any(value => value >= between.Low && value <= between.High),
            FieldFilter.Exists { Kind: FieldKind.Keywords } exists => WordsOf(exists.Field).Any(),
            FieldFilter.Exists exists => ScalarsOf(exists.Field).Any(),
            _ => throw new NotSupportedException(),
        };

        IEnumerable<string> WordsOf(string field) =>
            values.Where(value => value.Name == field && value.Kind == FieldKind.Keywords).SelectMany(value => value.Keywords);

        IEnumerable<long> ScalarsOf(string field) =>
            values.Where(value => value.Name == field && value.Kind == FieldKind.Scalar).Select(value => value.Scalar);
    }

    private static Gen<FieldFilter> FiltersOf(int depth) => depth == 0 ? Leaves : Gen.Frequency(
        (3, Leaves),
        (1, FiltersOf(depth - 1).Array[0, 3].Select(all => (FieldFilter)new FieldFilter.Every(all))),
        (1, FiltersOf(depth - 1).Array[0, 3].Select(any => (FieldFilter)new FieldFilter.Some(any))),
        (1, FiltersOf(depth - 1).Select(other => (FieldFilter)new FieldFilter.Except(other))));
}
