using System.Buffers.Binary;
using System.Text;

namespace Platform.Encoders.Native;

/// <summary>The symbol versions that a shared library (64-bit, little-endian ELF) asks of others, and a way to ask less.</summary>
/// <remarks>
/// Sources: System V ABI, chapter 4 (section headers, symbol table); Linux Standard Base 5.0, "Symbol Versioning" (.gnu.version,
/// .gnu.version_r). The loader passes over a missing version that is marked weak, and over a missing symbol whose binding is weak.
/// </remarks>
internal sealed class ElfLibrary
{
    private const uint SectionIsDynamicSymbols = 11;            // SHT_DYNSYM
    private const uint SectionIsNeededVersions = 0x6ffffffe;    // SHT_GNU_verneed
    private const uint SectionIsSymbolVersions = 0x6fffffff;    // SHT_GNU_versym
    private const int SymbolSize = 24;
    private const int MaxChain = 10_000;
    private const byte BindingIsWeak = 2;                       // STB_WEAK
    private const ushort VersionIsWeak = 2;                     // VER_FLG_WEAK
    private const ushort VersionIndexMask = 0x7fff;             // the top bit hides a symbol

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];        // 64-bit, little-endian

    private readonly byte[] _bytes;
    private readonly Section _symbols;
    private readonly Section _symbolNames;
    private readonly Section? _symbolVersions;
    private readonly List<NeededVersion> _versions = [];

    /// <summary>Reads the structures of a library.</summary>
    /// <param name="bytes">The whole file; kept, never changed.</param>
    /// <exception cref="InvalidDataException">It is no such library, or damaged.</exception>
    public ElfLibrary(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 64 || !bytes.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw new InvalidDataException($"The file of {bytes.Length} bytes is not a 64-bit little-endian ELF library.");
        }

        List<Section> sections = ReadSections();
        _symbols = sections.Find(section => section.Type == SectionIsDynamicSymbols)
            ?? throw new InvalidDataException("The library has no .dynsym section.");
        _symbolNames = Linked(sections, _symbols);
        _symbolVersions = sections.Find(section => section.Type == SectionIsSymbolVersions);
        if (sections.Find(section => section.Type == SectionIsNeededVersions) is Section needed)
        {
            ReadNeededVersions(needed, Linked(sections, needed));
        }
    }

    /// <summary>What the library asks of others, in file order.</summary>
    public IReadOnlyList<NeededVersion> NeededVersions => _versions;

    /// <summary>The symbols of others that are bound to a needed version.</summary>
    public IReadOnlyList<string> SymbolsOf(NeededVersion version) =>
        [.. Symbols().Where(symbol => symbol.Version == version.Index).Select(symbol => symbol.Name)];

    /// <summary>Whether a symbol of others may be missing.</summary>
    public bool IsWeak(string symbol) => _bytes[Find(symbol).Offset + 4] >> 4 == BindingIsWeak;

    /// <summary>A copy of the library that also loads where a symbol, and the version that only this symbol asks for, are missing.</summary>
    /// <exception cref="InvalidOperationException">The symbol is not there, or other symbols need its version too.</exception>
    public byte[] WithWeak(string symbol)
    {
        Symbol found = Find(symbol);
        NeededVersion version = _versions.Find(version => version.Index == found.Version)
            ?? throw new InvalidOperationException($"Symbol '{symbol}' asks for no version.");
        string[] others = [.. SymbolsOf(version).Where(other => other != symbol)];
        if (others.Length > 0)
        {
            throw new InvalidOperationException($"{version.Name} of {version.Library} is needed by {others.Length} more symbols, '{others[0]}' first.");
        }

        byte[] copy = [.. _bytes];
        copy[found.Offset + 4] = (byte)((copy[found.Offset + 4] & 0x0f) | (BindingIsWeak << 4));
        Span<byte> flags = copy.AsSpan(version.FlagsOffset, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | VersionIsWeak));
        return copy;
    }

    private Symbol Find(string symbol) => Symbols().FirstOrDefault(candidate => candidate.Name == symbol)
        ?? throw new InvalidOperationException($"The library asks for no symbol '{symbol}'.");

    private IEnumerable<Symbol> Symbols()
    {
        for (int i = 1; i < _symbols.Length / SymbolSize; i++)
        {
            int offset = _symbols.Offset + (i * SymbolSize);
            bool isDefinedHere = U16(offset + 6) != 0;
            if (!isDefinedHere)
            {
                int version = _symbolVersions is null || (i * 2) + 2 > _symbolVersions.Length ? 0 : U16(_symbolVersions.Offset + (i * 2)) & VersionIndexMask;
                yield return new Symbol(Text(_symbolNames, U32(offset)), version, offset);
            }
        }
    }

    private void ReadNeededVersions(Section needed, Section names)
    {
        int file = needed.Offset;
        for (int files = 0; ; files++)
        {
            string library = Text(names, U32(file + 4));
            int auxiliary = checked(file + (int)U32(file + 8));
            for (int i = 0; i < U16(file + 2); i++)
            {
                bool isWeak = (U16(auxiliary + 4) & VersionIsWeak) != 0;
                _versions.Add(new NeededVersion(library, Text(names, U32(auxiliary + 8)), U16(auxiliary + 6) & VersionIndexMask, isWeak, auxiliary + 4));
                auxiliary = checked(auxiliary + (int)U32(auxiliary + 12));
            }

            int next = (int)U32(file + 12);
            if (next == 0)
            {
                return;
            }

            file = checked(file + next);
            if (next < 0 || files > MaxChain || _versions.Count > MaxChain)
            {
                throw new InvalidDataException("The library's .gnu.version_r section does not end.");
            }
        }
    }

    private List<Section> ReadSections()
    {
        long table = (long)U64(40);
        int size = U16(58);
        int count = U16(60);
        if (size < 64 || table < 64 || table > _bytes.Length - ((long)size * count))
        {
            throw new InvalidDataException($"The library's {count} section headers lie outside its {_bytes.Length} bytes.");
        }

        List<Section> sections = [];
        for (int i = 0; i < count; i++)
        {
            int header = (int)table + (i * size);
            uint type = U32(header + 4);
            ulong offset = U64(header + 24);
            ulong length = type == 8 ? 0 : U64(header + 32);    // SHT_NOBITS occupies nothing
            if (offset > (ulong)_bytes.Length || length > (ulong)_bytes.Length - offset)
            {
                throw new InvalidDataException($"Section {i} of the library lies outside its {_bytes.Length} bytes.");
            }

            sections.Add(new Section(type, (int)offset, (int)length, U32(header + 40)));
        }

        return sections;
    }

    private static Section Linked(List<Section> sections, Section section) => section.Link < sections.Count
        ? sections[(int)section.Link]
        : throw new InvalidDataException($"The library has {sections.Count} sections; one refers to section {section.Link}.");

    private string Text(Section section, uint at)
    {
        if (at >= section.Length)
        {
            throw new InvalidDataException($"A name of the library lies at {at} of {section.Length} bytes of names.");
        }

        ReadOnlySpan<byte> rest = _bytes.AsSpan(section.Offset, section.Length)[(int)at..];
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));

    private ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8));

    private ReadOnlySpan<byte> Slice(int at, int length) => at >= 0 && at <= _bytes.Length - length
        ? _bytes.AsSpan(at, length)
        : throw new InvalidDataException($"The library refers to byte {at} of {_bytes.Length}.");

    /// <summary>One version that one other library must have.</summary>
    /// <param name="Library">The library, for example <c>libstdc++.so.6</c>.</param>
    /// <param name="Name">The version, for example <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="Index">How symbols refer to it.</param>
    /// <param name="IsWeak">Whether it may be missing.</param>
    /// <param name="FlagsOffset">Where its flags lie, in bytes from the start of the file.</param>
    internal sealed record NeededVersion(string Library, string Name, int Index, bool IsWeak, int FlagsOffset);

    private sealed record Section(uint Type, int Offset, int Length, uint Link);

    private sealed record Symbol(string Name, int Version, int Offset);
}
