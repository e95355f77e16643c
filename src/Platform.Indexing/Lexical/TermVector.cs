using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Lexical;

/// <summary>A text as its distinct analysed terms and their counts, packed.</summary>
/// <remarks>
/// Varints and bytes: number of terms; total length (sum of counts); then for each term, ascending by UTF-8 bytes,
/// byte length, UTF-8 bytes, count. It keeps counts, not weights: BM25's weights move with the index's average length.
/// </remarks>
public static class TermVector
{
    /// <summary>Packs analysed terms, which may repeat and come in any order.</summary>
    public static byte[] Pack(IEnumerable<string> terms)
    {
        SortedDictionary<byte[], int> counts = NewCounts();
        foreach (string term in terms)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(term);
            counts[bytes] = counts.GetValueOrDefault(bytes) + 1;
        }

        return Pack(counts);
    }

    /// <summary>A dictionary of terms in UTF-8 with their counts, in the order of packing.</summary>
    internal static SortedDictionary<byte[], int> NewCounts() => new(ByteOrder.Instance);

    /// <summary>Packs terms that are counted already.</summary>
    /// <param name="counts">Of <see cref="NewCounts"/>; every count at least 1.</param>
    internal static byte[] Pack(SortedDictionary<byte[], int> counts)
    {
        int total = counts.Values.Sum();
        var packed = new ArrayBufferWriter<byte>(16 + (counts.Count * 10));
        Varint.Write(packed, counts.Count);
        Varint.Write(packed, total);
        foreach ((byte[] term, int count) in counts)
        {
            Varint.Write(packed, term.Length);
            packed.Write(term);
            Varint.Write(packed, count);
        }

        return packed.WrittenSpan.ToArray();
    }

    /// <summary>The terms, ascending by UTF-8 bytes, with their counts.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a packed vector.</exception>
    public static IReadOnlyList<(string Term, int Count)> Unpack(ReadOnlySpan<byte> packed)
    {
        List<(string, int)> terms = [];
        var reader = new TermVectorReader(packed);
        while (reader.Next())
        {
            terms.Add((Encoding.UTF8.GetString(reader.Term), reader.Count));
        }

        return terms;
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}

/// <summary>Walks a packed <see cref="TermVector"/> without allocation.</summary>
public ref struct TermVectorReader
{
    private readonly ReadOnlySpan<byte> _packed;
    private int _position;
    private int _left;
    private long _counted;

    /// <summary>Stands before the first term.</summary>
    public TermVectorReader(ReadOnlySpan<byte> packed)
    {
        _packed = packed;
        _left = ReadChecked();
        TotalLength = ReadChecked();
    }

    /// <summary>Sum of the counts: the text's length in terms.</summary>
    public int TotalLength { get; }

    /// <summary>The present term, UTF-8.</summary>
    public ReadOnlySpan<byte> Term { get; private set; }

    /// <summary>How often it stands in the text, at least 1.</summary>
    public int Count { get; private set; }

    /// <summary>Moves to the next term; false at the end.</summary>
    /// <exception cref="InvalidDataException">
    /// The bytes end inside a term or go on behind the last, a term is no UTF-8 or not above the one before, or the counts do not add up.
    /// </exception>
    public bool Next()
    {
        if (_left == 0)
        {
            return _position == _packed.Length && _counted == TotalLength ? false : throw Broken();
        }

        _left--;
        int length = ReadChecked();
        if (length > _packed.Length - _position)
        {
            throw Broken();
        }

        ReadOnlySpan<byte> term = _packed.Slice(_position, length);
        bool first = _counted == 0;
        if (!Utf8.IsValid(term) || (!first && term.SequenceCompareTo(Term) <= 0))
        {
            throw Broken();
        }

        Term = term;
        _position += length;
        Count = ReadChecked();
        _counted += Count;
        return Count > 0 ? true : throw Broken();
    }

    private int ReadChecked()
    {
        try
        {
            int value = Varint.Read(_packed, ref _position);
            return value >= 0 ? value : throw Broken();
        }
        catch (IndexOutOfRangeException)
        {
            throw Broken();
        }
    }

    private readonly InvalidDataException Broken() =>
        new($"A packed term vector of {_packed.Length} bytes is broken at byte {_position}; encode the text again.");
}
