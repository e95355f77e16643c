namespace Platform.Indexing.Fields;

/// <summary>What a column holds. An index's field types are more, and each is kept as one of these.</summary>
public enum FieldKind
{
    /// <summary>Any number of different words a document, compared by their UTF-8 bytes.</summary>
    Keywords = 1,

    /// <summary>At most one 64-bit integer a document, whose order is that of the field's values.</summary>
    Scalar = 2,
}
