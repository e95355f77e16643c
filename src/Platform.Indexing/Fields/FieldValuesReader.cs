using System.Buffers.Binary;
using System.Text.Unicode;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Fields;

/// <summary>Walks the packed field values of one document.</summary>
internal ref struct FieldValuesReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _fieldsLeft;
    private int _keywordsLeft;

    /// <summary>Begins before the first field.</summary>
    /// <exception cref="InvalidDataException">The bytes are no field values.</exception>
    public FieldValuesReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _fieldsLeft = bytes.IsEmpty ? 0 : Length();
    }

    /// <summary>The field's name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>What it holds.</summary>
    public FieldKind Kind { get; private set; }

    /// <summary>Its value, if it is a scalar.</summary>
    public long Scalar { get; private set; }

    /// <summary>Goes to the next field; false after the last.</summary>
    /// <exception cref="InvalidDataException">The bytes are no field values.</exception>
    public bool Next()
    {
        while (NextKeyword(out _))
        {
        }

        if (_fieldsLeft == 0)
        {
            return _position == _bytes.Length ? false : throw Broken();
        }

        _fieldsLeft--;
        Name = Take(Length());
        Kind = (FieldKind)Take(1)[0];
        switch (Kind)
        {
            case FieldKind.Scalar:
                Scalar = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
                break;
            case FieldKind.Keywords:
                _keywordsLeft = Length();
                break;
            default:
                throw Broken();
        }

        return true;
    }

    /// <summary>Goes to the field's next word, ascending by UTF-8 bytes; false after the last.</summary>
    /// <exception cref="InvalidDataException">The bytes are no field values.</exception>
    public bool NextKeyword(out ReadOnlySpan<byte> keyword)
    {
        keyword = default;
        if (_keywordsLeft == 0)
        {
            return false;
        }

        _keywordsLeft--;
        keyword = Take(Length());
        return true;
    }

    /// <summary>Reads everything once, so that a segment can take it without a look.</summary>
    /// <exception cref="InvalidDataException">The bytes are no field values.</exception>
    public static void Validate(ReadOnlySpan<byte> bytes)
    {
        var reader = new FieldValuesReader(bytes);
        ReadOnlySpan<byte> before = default;
        for (bool first = true; reader.Next(); first = false, before = reader.Name)
        {
            if (!Utf8.IsValid(reader.Name) || (!first && before.SequenceCompareTo(reader.Name) >= 0)
                || (reader.Kind == FieldKind.Keywords && reader._keywordsLeft == 0))
            {
                throw reader.Broken();
            }

            ReadOnlySpan<byte> smaller = default;
            for (bool firstWord = true; reader.NextKeyword(out ReadOnlySpan<byte> word); firstWord = false, smaller = word)
            {
                if (!Utf8.IsValid(word) || (!firstWord && smaller.SequenceCompareTo(word) >= 0))
                {
                    throw reader.Broken();
                }
            }
        }
    }

    private int Length()
    {
        try
        {
            return Varint.Read(_bytes, ref _position);
        }
        catch (IndexOutOfRangeException)
        {
            throw Broken();
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _bytes.Length - _position)
        {
            throw Broken();
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, length);
        _position += length;
        return taken;
    }

    private readonly InvalidDataException Broken() => new($"Field values of {_bytes.Length} bytes are broken at byte {_position}.");
}
