namespace Platform.Indexing.Fields;

/// <summary>The columns of a segment. A name that documents use for both kinds has two.</summary>
internal class FieldColumns
{
    private readonly Dictionary<string, KeywordColumn> _keywords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScalarColumn> _scalars = new(StringComparer.Ordinal);

    /// <summary>A segment without fields.</summary>
    public static FieldColumns None { get; } = new();

    /// <summary>The columns of words.</summary>
    public IReadOnlyDictionary<string, KeywordColumn> Keywords => _keywords;

    /// <summary>The columns of integers.</summary>
    public IReadOnlyDictionary<string, ScalarColumn> Scalars => _scalars;

    /// <summary>Adds a column.</summary>
    protected void Add(FieldColumn column)
    {
        if (column is KeywordColumn keywords)
        {
            _keywords.Add(column.Name, keywords);
        }
        else
        {
            _scalars.Add(column.Name, (ScalarColumn)column);
        }
    }

    /// <summary>The packed values of one document, as they came in its batch.</summary>
    public byte[] ValuesOf(int docId)
    {
        List<FieldValue> values = [];
        foreach (KeywordColumn column in _keywords.Values)
        {
            List<string> words = [];
            foreach (int ordinal in column.OrdinalsOf(docId))
            {
                words.Add(System.Text.Encoding.UTF8.GetString(column.Term(ordinal)));
            }

            values.Add(FieldValue.OfKeywords(column.Name, words));
        }

        values.AddRange(_scalars.Values.Where(column => column.Has(docId)).Select(column => FieldValue.OfScalar(column.Name, column.At(docId))));
        return FieldValue.Pack(values);
    }
}
