using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Platform.Encoders.Text;

/// <summary>Turns text into token ids. One thread at a time uses an instance; the vocabulary is shared.</summary>
/// <remarks>
/// The work is Microsoft.ML.Tokenizers'. It knows no special tokens here, so that <c>&lt;|end_of_text|&gt;</c> in a user's text is text like
/// any other. Its merging is quadratic in the length of a piece; pieces longer than <see cref="LongPiece"/> go to
/// <see cref="LongPieceMerge"/>, so that time stays near linear in the text whatever the text is. A lone surrogate counts as U+FFFD.
/// </remarks>
public sealed class BpeTokenizer
{
    /// <summary>The length of a piece, in UTF-16 units, from which on it is merged with a queue.</summary>
    internal const int LongPiece = 256;

    // The package does not cut inside a character: it gives up to three tokens fewer than asked for. These are asked for, and cut here.
    private const int TokensOfACharacter = 4;

    private readonly TiktokenTokenizer _tokenizer;
    private readonly Pieces _pieces;
    private readonly Lazy<Dictionary<ReadOnlyMemory<byte>, int>> _ranks;

    /// <summary>Builds a tokenizer; about 0.3 s for 128,000 tokens, so keep it.</summary>
    /// <param name="vocabulary">Tokens and pattern.</param>
    public BpeTokenizer(BpeVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        _pieces = new Pieces(vocabulary.Pattern);
        using MemoryStream ranks = vocabulary.ToTiktoken();
        _tokenizer = TiktokenTokenizer.Create(ranks, _pieces, normalizer: null, specialTokens: null);
        _ranks = new(vocabulary.ToRanks);
    }

    /// <summary>The tokens.</summary>
    public BpeVocabulary Vocabulary { get; }

    /// <summary>The ids of a text, without special tokens.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">The most ids; the first ones are kept, and text far behind them is not looked at.</param>
    /// <param name="cancellationToken">Gives up between long pieces.</param>
    public IReadOnlyList<int> Encode(string text, int maxTokens = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        if (text.Length == 0 || maxTokens == 0)
        {
            return [];
        }

        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));       // the package drops lone surrogates
        }

        _pieces.FoundLong = false;
        IReadOnlyList<int> ids = maxTokens > int.MaxValue - TokensOfACharacter
            ? _tokenizer.EncodeToIds(text)
            : _tokenizer.EncodeToIds(text, maxTokens + TokensOfACharacter, out _, out _);
        return _pieces.FoundLong ? EncodeWithLongPieces(text, maxTokens, cancellationToken)
            : ids.Count <= maxTokens ? ids
            : [.. ids.Take(maxTokens)];
    }

    private List<int> EncodeWithLongPieces(string text, int maxTokens, CancellationToken cancellationToken)
    {
        List<int> ids = [];
        int next = 0;
        foreach (ValueMatch match in _pieces.Pattern.EnumerateMatches(text))
        {
            Merge(text.AsSpan(next, match.Index - next));       // what no alternative of the pattern matches is a piece too
            Merge(text.AsSpan(match.Index, match.Length));
            next = match.Index + match.Length;
            if (ids.Count >= maxTokens)
            {
                break;
            }
        }

        if (ids.Count < maxTokens)
        {
            Merge(text.AsSpan(next));
        }

        return ids.Count <= maxTokens ? ids : ids[..maxTokens];

        void Merge(ReadOnlySpan<char> piece)
        {
            if (piece.Length > 0)
            {
                byte[] bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
                Encoding.UTF8.GetBytes(piece, bytes);
                LongPieceMerge.Encode(bytes, _ranks.Value, ids, cancellationToken);
            }
        }
    }

    /// <summary>Cuts text by a pattern, and stops at a piece too long for quadratic merging.</summary>
    private sealed class Pieces(Regex pattern) : PreTokenizer
    {
        public Regex Pattern => pattern;

        public bool FoundLong { get; set; }

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
        {
            int next = 0;
            for (Match match = pattern.Match(text); match.Success; match = match.NextMatch())
            {
                if (match.Length > LongPiece || match.Index - next > LongPiece)
                {
                    FoundLong = true;
                    yield break;
                }

                if (match.Index > next)
                {
                    yield return (next, match.Index - next);
                }

                yield return (match.Index, match.Length);
                next = match.Index + match.Length;
            }

            FoundLong |= text.Length - next > LongPiece;
            if (next < text.Length && !FoundLong)
            {
                yield return (next, text.Length - next);
            }
        }
    }
}
