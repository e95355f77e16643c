using System.Numerics;
using System.Text;

namespace Platform.Indexing.Fields;

/// <summary>Counts the values of one field over documents of some segments.</summary>
/// <param name="name">The field.</param>
/// <param name="kind">What it holds.</param>
public sealed class FacetCounter(string name, FieldKind kind)
{
    /// <summary>The most different values of a field that are counted, so that an answer stays bounded and still exact.</summary>
    public const int MostValues = 10_000;

    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _scalars = [];

    /// <summary>The field.</summary>
    public string Field => name;

    /// <summary>Documents that have each word.</summary>
    public IReadOnlyDictionary<string, long> Words => _words;

    /// <summary>Documents that have each integer.</summary>
    public IReadOnlyDictionary<long, long> Scalars => _scalars;

    /// <summary>Adds the documents of a segment.</summary>
    /// <param name="columns">The segment's.</param>
    /// <param name="documents">One bit a document.</param>
    /// <exception cref="FacetLimitException">There are too many different values.</exception>
    internal void Add(FieldColumns columns, ReadOnlySpan<ulong> documents)
    {
        if (kind == FieldKind.Keywords && columns.Keywords.TryGetValue(name, out KeywordColumn? words))
        {
            AddWords(words, documents);
        }
        else if (kind == FieldKind.Scalar && columns.Scalars.TryGetValue(name, out ScalarColumn? scalars))
        {
            AddScalars(scalars, documents);
        }
    }

    private void AddWords(KeywordColumn column, ReadOnlySpan<ulong> documents)
    {
        int[] counts = new int[column.TermCount];
        for (int word = 0; word < documents.Length; word++)
        {
            for (ulong left = documents[word]; left != 0; left &= left - 1)
            {
                foreach (int ordinal in column.OrdinalsOf((word << 6) + BitOperations.TrailingZeroCount(left)))
                {
                    counts[ordinal]++;
                }
            }
        }

        for (int ordinal = 0; ordinal < counts.Length; ordinal++)
        {
            if (counts[ordinal] > 0)
            {
                string value = Encoding.UTF8.GetString(column.Term(ordinal));
                _words[value] = _words.GetValueOrDefault(value) + counts[ordinal];
                Check(_words.Count);
            }
        }
    }

    private void AddScalars(ScalarColumn column, ReadOnlySpan<ulong> documents)
    {
        for (int word = 0; word < documents.Length; word++)
        {
            for (ulong left = documents[word]; left != 0; left &= left - 1)
            {
                int docId = (word << 6) + BitOperations.TrailingZeroCount(left);
                if (column.Has(docId))
                {
                    long value = column.At(docId);
                    _scalars[value] = _scalars.GetValueOrDefault(value) + 1;
                    Check(_scalars.Count);
                }
            }
        }
    }

    private void Check(int values)
    {
        if (values > MostValues)
        {
            throw new FacetLimitException(name);
        }
    }
}

/// <summary>A field has more different values than a facet counts.</summary>
/// <param name="name">The field.</param>
public sealed class FacetLimitException(string name) : Exception(
    $"Field '{name}' has more than {FacetCounter.MostValues} different values among the documents that match; a facet counts at most so many. Narrow the filter, or take another field.");
