namespace Platform.Indexing.Sparse;

/// <summary>Reads the fields of one protocol-buffer message. Not thread-safe.</summary>
internal sealed class ProtobufReader
{
    private const int LargestMessage = 1 << 30;

    private readonly ReadOnlyMemory<byte> _message;
    private ReadOnlyMemory<byte> _bytes;
    private int _position;

    private ProtobufReader(ReadOnlyMemory<byte> message) => _message = message;

    /// <summary>The number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>The field's value where it is an integer, else 0.</summary>
    public ulong Value { get; private set; }

    /// <summary>The field's bytes where it has a length, else none.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Reads the length and the bytes of a message.</summary>
    /// <exception cref="InvalidDataException">The stream ends in it, or it is longer than 1 GiB.</exception>
    public static ProtobufReader ReadMessage(Stream stream)
    {
        ulong length = 0;
        for (int shift = 0; ; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0 || shift > 28)
            {
                throw new InvalidDataException($"The stream has no message at byte {(stream.CanSeek ? stream.Position : -1)}: it ends, or a length is malformed.");
            }

            length |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                break;
            }
        }

        if (length > LargestMessage || (stream.CanSeek && (long)length > stream.Length - stream.Position))
        {
            throw new InvalidDataException($"A message is said to have {length} bytes; the stream has fewer, or that is above the limit of {LargestMessage}.");
        }

        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return new ProtobufReader(bytes);
    }

    /// <summary>The field as a message.</summary>
    public ProtobufReader Message() => new(_bytes);

    /// <summary>Goes to the next field. Returns whether there is one.</summary>
    /// <exception cref="InvalidDataException">The message is malformed.</exception>
    public bool Next()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        ulong tag = Varint();
        Field = (int)(tag >> 3);
        Value = 0;
        _bytes = default;
        switch (tag & 7)
        {
            case 0:
                Value = Varint();
                break;
            case 1:
                Skip(8);
                break;
            case 2:
                ulong length = Varint();
                int start = _position;
                Skip(length);
                _bytes = _message[start.._position];
                break;
            case 5:
                Skip(4);
                break;
            default:
                throw new InvalidDataException($"Field {Field} has wire type {tag & 7}, which CIFF does not use.");
        }

        return true;
    }

    private void Skip(ulong length)
    {
        if (length > (ulong)(_message.Length - _position))
        {
            throw new InvalidDataException($"Field {Field} is longer than its message.");
        }

        _position += (int)length;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && _position < _message.Length; shift += 7)
        {
            byte next = _message.Span[_position++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number in a message is malformed.");
    }
}
