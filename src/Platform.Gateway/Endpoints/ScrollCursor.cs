using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Where a scroll goes on: a generation of an index and the last id read, as text that callers need not understand.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="After">The last id.</param>
internal readonly record struct ScrollCursor(int Generation, string After)
{
    private const byte Version = 1;
    private const int HeadLength = 5;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>: it is none.</exception>
    public static ScrollCursor Parse(string text)
    {
        byte[]? bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        if (bytes is null || bytes.Length <= HeadLength || bytes[0] != Version || DocumentId.Check(Encoding.UTF8.GetString(bytes.AsSpan(HeadLength))) is not null)
        {
            throw new RequestException(Fault.Invalid($"Parameter 'cursor' is '{Fault.Shorten(text)}'; it must be the 'next' of a page before. Begin without it."));
        }

        return new ScrollCursor(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1)), Encoding.UTF8.GetString(bytes.AsSpan(HeadLength)));
    }

    /// <summary>The cursor as text for a URL.</summary>
    public override string ToString()
    {
        byte[] bytes = new byte[HeadLength + Encoding.UTF8.GetByteCount(After)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), Generation);
        Encoding.UTF8.GetBytes(After, bytes.AsSpan(HeadLength));
        return Base64Url.EncodeToString(bytes);
    }
}
