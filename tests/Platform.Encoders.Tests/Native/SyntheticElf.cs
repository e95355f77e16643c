using System.Buffers.Binary;
using System.Text;

namespace Platform.Encoders.Tests.Native;

/// <summary>The smallest 64-bit ELF file that asks one library, libstdc++.so.6, for versioned symbols.</summary>
internal static class SyntheticElf
{
    private const int HeaderSize = 64;
    private const int SymbolSize = 24;
    private const uint DynamicSymbols = 11, Strings = 3, NeededVersions = 0x6ffffffe, SymbolVersions = 0x6fffffff;

    public static byte[] Of(params (string Version, string[] Symbols)[] needs)
    {
        var names = new List<byte> { 0 };
        (string Name, ushort Version)[] symbols = [.. needs.SelectMany((need, i) => need.Symbols.Select(name => (name, (ushort)(i + 2))))];

        byte[] table = new byte[SymbolSize * (symbols.Length + 1)];
        byte[] versions = new byte[2 * (symbols.Length + 1)];
        for (int i = 0; i < symbols.Length; i++)
        {
            Span<byte> symbol = table.AsSpan((i + 1) * SymbolSize);
            BinaryPrimitives.WriteUInt32LittleEndian(symbol, Add(names, symbols[i].Name));
            symbol[4] = 0x12;                                                   // STB_GLOBAL, STT_FUNC
            BinaryPrimitives.WriteUInt16LittleEndian(versions.AsSpan((i + 1) * 2), symbols[i].Version);
        }

        byte[] needed = new byte[16 * (needs.Length + 1)];
        BinaryPrimitives.WriteUInt16LittleEndian(needed, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(needed.AsSpan(2), (ushort)needs.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(needed.AsSpan(4), Add(names, "libstdc++.so.6"));
        BinaryPrimitives.WriteUInt32LittleEndian(needed.AsSpan(8), 16);
        for (int i = 0; i < needs.Length; i++)
        {
            Span<byte> version = needed.AsSpan(16 * (i + 1));
            BinaryPrimitives.WriteUInt16LittleEndian(version[6..], (ushort)(i + 2));
            BinaryPrimitives.WriteUInt32LittleEndian(version[8..], Add(names, needs[i].Version));
            BinaryPrimitives.WriteUInt32LittleEndian(version[12..], i + 1 < needs.Length ? 16u : 0);
        }

        return Assemble([(DynamicSymbols, table, 2), (Strings, [.. names], 0), (SymbolVersions, versions, 1), (NeededVersions, needed, 2)]);
    }

    private static byte[] Assemble((uint Type, byte[] Bytes, uint Link)[] sections)
    {
        int headers = HeaderSize + sections.Sum(section => section.Bytes.Length);
        byte[] file = new byte[headers + (HeaderSize * (sections.Length + 1))];
        ((byte[])[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]).CopyTo(file, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), (ulong)headers);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), (ushort)(sections.Length + 1));
        int at = HeaderSize;
        for (int i = 0; i < sections.Length; i++)
        {
            sections[i].Bytes.CopyTo(file, at);
            Span<byte> header = file.AsSpan(headers + (HeaderSize * (i + 1)));
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], sections[i].Type);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)at);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)sections[i].Bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], sections[i].Link);
            at += sections[i].Bytes.Length;
        }

        return file;
    }

    private static uint Add(List<byte> names, string name)
    {
        uint at = (uint)names.Count;
        names.AddRange(Encoding.UTF8.GetBytes(name));
        names.Add(0);
        return at;
    }
}
