using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Indexing.Fields;

/// <summary>The growing columns of a memory segment.</summary>
internal sealed class MemoryFields : FieldColumns
{
    /// <summary>Adds a document's values; documents come ascending.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="values">Valid packed values; empty for none.</param>
    public void Add(int docId, ReadOnlySpan<byte> values)
    {
        var reader = new FieldValuesReader(values);
        while (reader.Next())
        {
            string name = Encoding.UTF8.GetString(reader.Name);
            if (reader.Kind == FieldKind.Scalar)
            {
                ((MemoryScalars)(Scalars.GetValueOrDefault(name) ?? Added(new MemoryScalars(name)))).Add(docId, reader.Scalar);
            }
            else
            {
                ((MemoryKeywords)(Keywords.GetValueOrDefault(name) ?? Added(new MemoryKeywords(name)))).Add(docId, ref reader);
            }
        }
    }

    private T Added<T>(T column)
        where T : FieldColumn
    {
        Add(column);
        return column;
    }

    private sealed class MemoryScalars(string name) : ScalarColumn(name)
    {
        private ulong[] _present = [];
        private long[] _values = [];

        public override ReadOnlySpan<ulong> Present => _present;

        public override long At(int docId) => docId < _values.Length ? _values[docId] : 0;

        public void Add(int docId, long value)
        {
            if (docId >= _values.Length)
            {
                int length = Math.Max(64, ((2 * docId) + 63) / 64 * 64);
                Array.Resize(ref _values, length);
                Array.Resize(ref _present, length / 64);
            }

            _values[docId] = value;
            _present[docId >> 6] |= 1UL << docId;
        }
    }

    private sealed class MemoryKeywords(string name) : KeywordColumn(name)
    {
        private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
        private readonly List<byte[]> _terms = [];
        private readonly List<int> _starts = [0];
        private readonly List<int> _values = [];

        public override int TermCount => _terms.Count;

        public override ReadOnlySpan<int> Starts => CollectionsMarshal.AsSpan(_starts);

        public override ReadOnlySpan<int> Ordinals => CollectionsMarshal.AsSpan(_values);

        public override ReadOnlySpan<byte> Term(int ordinal) => _terms[ordinal];

        public override int Find(ReadOnlySpan<byte> term) => _ordinals.GetValueOrDefault(Encoding.UTF8.GetString(term), -1);

        public override void MarkPrefixed(ReadOnlySpan<byte> prefix, Span<ulong> terms)
        {
            for (int ordinal = 0; ordinal < _terms.Count; ordinal++)
            {
                if (_terms[ordinal].AsSpan().StartsWith(prefix))
                {
                    terms[ordinal >> 6] |= 1UL << ordinal;
                }
            }
        }

        public void Add(int docId, ref FieldValuesReader reader)
        {
            while (_starts.Count <= docId)
            {
                _starts.Add(_values.Count);                  // documents between have no words
            }

            while (reader.NextKeyword(out ReadOnlySpan<byte> word))
            {
                string text = Encoding.UTF8.GetString(word);
                if (!_ordinals.TryGetValue(text, out int ordinal))
                {
                    ordinal = _terms.Count;
                    _ordinals.Add(text, ordinal);
                    _terms.Add(word.ToArray());
                }

                _values.Add(ordinal);
            }

            _starts.Add(_values.Count);
        }
    }
}
