using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Encoders.Text;

/// <summary>A byte-level BPE vocabulary: which bytes each token stands for, how text is cut before merging, which tokens are special.</summary>
/// <remarks>
/// A token's id is its rank: of all neighbours that together are a token, those with the lowest id merge first. Every single byte is a
/// token, so every text can be written. Special tokens have no text: nothing a user writes becomes one. Immutable; share it freely.
/// </remarks>
public sealed class BpeVocabulary
{
    /// <summary>Llama 3's rule for cutting text before merging (its tokenizer.json, pre_tokenizer).</summary>
    public const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The most tokens, special ones included.</summary>
    internal const int MaxTokens = 1 << 20;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(5);     // a file's pattern may be hostile

    private readonly byte[][] _tokens;
    private readonly Dictionary<int, string> _specialNames;

    internal BpeVocabulary(string path, byte[][] tokens, string pattern, IReadOnlyDictionary<string, int> specialTokens)
    {
        _tokens = tokens;
        Pattern = Compile(path, pattern);
        SpecialTokens = specialTokens;
        var seen = new HashSet<ReadOnlyMemory<byte>>(ByteOrder.Instance);
        for (int id = 0; id < tokens.Length; id++)
        {
            if (tokens[id] is not { Length: > 0 } || !seen.Add(tokens[id]))
            {
                throw TokenizerException.Of(path, $"has no token, or a second time the same token, at id {id}; ids must run from 0 without gaps", "Fetch the file again.");
            }
        }

        for (int b = 0; b < 256; b++)
        {
            if (!seen.Contains(new[] { (byte)b }))
            {
                throw TokenizerException.Of(path, $"has no token for the byte 0x{b:x2}; a byte-level vocabulary has all 256", "Use a byte-level BPE tokenizer, such as Llama 3's.");
            }
        }

        _specialNames = [];
        foreach ((string name, int id) in specialTokens)
        {
            if (id < tokens.Length || id >= MaxTokens || !_specialNames.TryAdd(id, name))
            {
                throw TokenizerException.Of(
                    path,
                    $"gives special token {ModelFileException.Quote(name)} the id {id}; special ids are each other's own, from {tokens.Length} to {MaxTokens - 1}",
                    "Fetch the file again.");
            }
        }
    }

    /// <summary>The regular expression whose matches are merged each by itself; matching gives up after 5 s.</summary>
    public Regex Pattern { get; }

    /// <summary>Special tokens by name, for example <c>&lt;|begin_of_text|&gt;</c>; their ids follow the ordinary ones.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>The number of ordinary tokens.</summary>
    public int OrdinaryCount => _tokens.Length;

    /// <summary>The smallest size of an embedding table that has a row for every token.</summary>
    public int Size => Math.Max(_tokens.Length, SpecialTokens.Count == 0 ? 0 : SpecialTokens.Values.Max() + 1);

    /// <summary>The bytes of an ordinary token; empty for a special or unknown id.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : [];

    /// <summary>A token as a person reads it: its text, or a special token's name; bytes that are no text become U+FFFD.</summary>
    public string TextOf(int id) => _specialNames.TryGetValue(id, out string? name) ? name : Encoding.UTF8.GetString(BytesOf(id));

    /// <summary>The text that ids stand for. Special and unknown ids stand for none; bytes that are no text become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> token = BytesOf(id);
            token.CopyTo(bytes.GetSpan(token.Length));
            bytes.Advance(token.Length);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The vocabulary in tiktoken's form: a line a token, base64 and rank.</summary>
    internal MemoryStream ToTiktoken()
    {
        var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" })
        {
            for (int id = 0; id < _tokens.Length; id++)
            {
                writer.Write(Convert.ToBase64String(_tokens[id]));
                writer.Write(' ');
                writer.WriteLine(id);
            }
        }

        stream.Position = 0;
        return stream;
    }

    /// <summary>Ranks by bytes, for merging.</summary>
    internal Dictionary<ReadOnlyMemory<byte>, int> ToRanks()
    {
        Dictionary<ReadOnlyMemory<byte>, int> ranks = new(_tokens.Length, ByteOrder.Instance);
        for (int id = 0; id < _tokens.Length; id++)
        {
            ranks.Add(_tokens[id], id);
        }

        return ranks;
    }

    private static Regex Compile(string path, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (ArgumentException e)
        {
            throw TokenizerException.Of(path, $"has the pattern {ModelFileException.Quote(pattern)}, which is no regular expression", "Fetch the file again.", e);
        }
    }

    private sealed class ByteOrder : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static ByteOrder Instance { get; } = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes.Span);
            return hash.ToHashCode();
        }
    }
}
