namespace Platform.Encoders.Text;

/// <summary>The alphabet in which tokenizer.json writes bytes: each of the 256 as one printable character.</summary>
/// <remarks>
/// Printable Latin-1 bytes stand for themselves; the other 68 become U+0100 and what follows, in the order of their values.
/// Radford et al. 2019 (GPT-2), function bytes_to_unicode.
/// </remarks>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 0x100;

    private static readonly char[] CharOfByte = MakeAlphabet();
    private static readonly Dictionary<char, byte> ByteOfChar =
        CharOfByte.Select((c, i) => (c, i)).ToDictionary(pair => pair.c, pair => (byte)pair.i);

    /// <summary>The bytes that a text of this alphabet stands for; null if a character is not in it.</summary>
    public static byte[]? BytesOf(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!ByteOfChar.TryGetValue(text[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    /// <summary>The text that stands for bytes.</summary>
    public static string TextOf(ReadOnlySpan<byte> bytes)
    {
        char[] text = new char[bytes.Length];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = CharOfByte[bytes[i]];
        }

        return new string(text);
    }

    private static char[] MakeAlphabet()
    {
        char[] alphabet = new char[256];
        int next = FirstSubstitute;
        for (int b = 0; b < alphabet.Length; b++)
        {
            bool standsForItself = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            alphabet[b] = standsForItself ? (char)b : (char)next++;
        }

        return alphabet;
    }
}
