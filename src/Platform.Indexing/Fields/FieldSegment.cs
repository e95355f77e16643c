using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Indexing.Fields;

/// <summary>The columns of a segment file, read as they lie. See <c>Shards/FORMAT.md</c>.</summary>
internal sealed class FieldSegment : FieldColumns
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadLength = 16;

    /// <summary>Bytes of an entry of the directory.</summary>
    public const int EntryLength = 32;

    private FieldSegment()
    {
    }

    /// <summary>Opens the part.</summary>
    /// <param name="part">Its bytes, whose checksum held; they must stay while the columns are used.</param>
    /// <param name="documents">Documents of the segment.</param>
    /// <returns>Null if the bytes contradict themselves.</returns>
    public static FieldSegment? TryOpen(ReadOnlyMemory<byte> part, int documents)
    {
        ReadOnlySpan<byte> bytes = part.Span;
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadInt64LittleEndian(bytes) != documents)
        {
            return null;
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (count < 0 || count > (bytes.Length - HeadLength) / EntryLength)
        {
            return null;
        }

        var fields = new FieldSegment();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<long> entry = MemoryMarshal.Cast<byte, long>(bytes.Slice(HeadLength + (i * EntryLength), EntryLength));
            long nameLength = (int)entry[1];
            if (!IsWithin(entry[0], nameLength, bytes.Length) || !IsWithin(entry[2], entry[3], bytes.Length))
            {
                return null;
            }

            string name = Encoding.UTF8.GetString(bytes.Slice((int)entry[0], (int)nameLength));
            ReadOnlyMemory<byte> content = part.Slice((int)entry[2], (int)entry[3]);
            FieldColumn? column = (FieldKind)(entry[1] >> 32) switch
            {
                FieldKind.Keywords => SealedKeywords.TryOpen(name, content, documents),
                FieldKind.Scalar => SealedScalars.TryOpen(name, content, documents),
                _ => null,
            };
            if (column is null)
            {
                return null;
            }

            fields.Add(column);
        }

        return fields;
    }

    private static bool IsWithin(long offset, long length, int of) => offset >= 0 && length >= 0 && offset <= of && length <= of - offset;

    /// <summary>Words in ascending order of their bytes; a document's ascending.</summary>
    private sealed class SealedKeywords : KeywordColumn
    {
        private readonly ReadOnlyMemory<byte> _content;
        private readonly int _values;
        private readonly int _documents;

        private SealedKeywords(string name, ReadOnlyMemory<byte> content, int terms, int values, int documents)
            : base(name)
        {
            _content = content;
            _documents = documents;
            _values = values;
            TermCount = terms;
        }

        public override int TermCount { get; }

        public override ReadOnlySpan<int> Starts => Numbers.Slice(2 + TermCount + 1, _documents + 1);

        public override ReadOnlySpan<int> Ordinals => Numbers.Slice(2 + TermCount + 1 + _documents + 1, _values);

        private ReadOnlySpan<int> Numbers => MemoryMarshal.Cast<byte, int>(_content.Span);

        private int TermsAt => (2 + TermCount + 1 + _documents + 1 + _values) * sizeof(int);

        public static SealedKeywords? TryOpen(string name, ReadOnlyMemory<byte> content, int documents)
        {
            ReadOnlySpan<int> numbers = MemoryMarshal.Cast<byte, int>(content.Span);
            if (numbers.Length < 2 || numbers[0] < 0 || numbers[1] < 0 || 4L + numbers[0] + documents + numbers[1] > numbers.Length)
            {
                return null;
            }

            var column = new SealedKeywords(name, content, numbers[0], numbers[1], documents);
            return column.Starts[^1] == numbers[1] && numbers[2 + numbers[0]] == content.Length - column.TermsAt ? column : null;
        }

        public override ReadOnlySpan<byte> Term(int ordinal)
        {
            ReadOnlySpan<int> offsets = Numbers.Slice(2 + ordinal, 2);
            return _content.Span[TermsAt..][offsets[0]..offsets[1]];
        }

        public override int Find(ReadOnlySpan<byte> term)
        {
            int at = FirstNotBelow(term);
            return at < TermCount && Term(at).SequenceEqual(term) ? at : -1;
        }

        public override void MarkPrefixed(ReadOnlySpan<byte> prefix, Span<ulong> terms)
        {
            for (int ordinal = FirstNotBelow(prefix); ordinal < TermCount && Term(ordinal).StartsWith(prefix); ordinal++)
            {
                terms[ordinal >> 6] |= 1UL << ordinal;
            }
        }

        private int FirstNotBelow(ReadOnlySpan<byte> term)
        {
            int low = 0;
            int high = TermCount;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = Term(middle).SequenceCompareTo(term) < 0 ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }

    /// <summary>Integers as unsigned distances from the least, of 1, 2, 4 or 8 bytes.</summary>
    private sealed class SealedScalars : ScalarColumn
    {
        private const int ScalarHead = 16;

        private readonly ReadOnlyMemory<byte> _content;
        private readonly int _words;
        private readonly int _width;
        private readonly long _least;

        private SealedScalars(string name, ReadOnlyMemory<byte> content, int words, int width, long least)
            : base(name)
        {
            _content = content;
            _words = words;
            _width = width;
            _least = least;
        }

        public override ReadOnlySpan<ulong> Present => MemoryMarshal.Cast<byte, ulong>(_content.Span.Slice(ScalarHead, _words * sizeof(ulong)));

        public static SealedScalars? TryOpen(string name, ReadOnlyMemory<byte> content, int documents)
        {
            ReadOnlySpan<byte> bytes = content.Span;
            int words = (documents + 63) / 64;
            if (bytes.Length < ScalarHead)
            {
                return null;
            }

            long width = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
            return width is 1 or 2 or 4 or 8 && bytes.Length == ScalarHead + ((long)words * sizeof(ulong)) + (width * documents)
                ? new SealedScalars(name, content, words, (int)width, BinaryPrimitives.ReadInt64LittleEndian(bytes))
                : null;
        }

        public override long At(int docId)
        {
            ReadOnlySpan<byte> value = _content.Span.Slice(ScalarHead + (_words * sizeof(ulong)) + (docId * _width), _width);
            return unchecked(_least + (long)(_width switch
            {
                1 => value[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(value),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(value),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(value),
            }));
        }
    }
}
