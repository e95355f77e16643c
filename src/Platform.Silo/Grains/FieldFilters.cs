using Platform.Abstractions.Records;
using Platform.Indexing.Fields;

namespace Platform.Silo.Grains;

/// <summary>Filters and field values from the wire's words to the index's.</summary>
internal static class FieldFilters
{
    /// <summary>A filter; null for none.</summary>
    public static FieldFilter? OfOrNull(FilterNode? node) => node is null ? null : Of(node);

    /// <summary>A filter.</summary>
    public static FieldFilter Of(FilterNode node) => node.Kind switch
    {
        FilterKind.And => new FieldFilter.Every([.. node.Children.Select(Of)]),
        FilterKind.Or => new FieldFilter.Some([.. node.Children.Select(Of)]),
        FilterKind.Not => new FieldFilter.Except(Of(node.Children[0])),
        FilterKind.In when node.IsWords => new FieldFilter.AnyOf(node.Field, node.Words),
        FilterKind.In => new FieldFilter.OneOf(node.Field, node.Scalars),
        FilterKind.Range => new FieldFilter.Between(node.Field, node.Scalars[0], node.Scalars[1]),
        FilterKind.Prefix => new FieldFilter.Prefix(node.Field, node.Words[0]),
        _ => new FieldFilter.Exists(node.Field, KindOf(node.IsWords)),
    };

    /// <summary>A document's values, packed; empty for none.</summary>
    public static byte[] Pack(DocumentField[]? fields) => fields is null
        ? []
        : FieldValue.Pack(fields.Select(field => field.Words is { } words ? FieldValue.OfKeywords(field.Name, words) : FieldValue.OfScalar(field.Name, field.Scalar)));

    /// <summary>What a field holds.</summary>
    public static FieldKind KindOf(bool isWords) => isWords ? FieldKind.Keywords : FieldKind.Scalar;
}
