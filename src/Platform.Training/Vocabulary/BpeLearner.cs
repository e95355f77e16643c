using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Training.Vocabulary;

/// <summary>Learns a byte-level BPE vocabulary from text: again and again the most frequent pair of neighbours becomes a token. Sennrich et al.
/// 2016, arXiv:1508.07909.</summary>
/// <remarks>
/// Pairs never cross the pieces that the pattern cuts. Among equally frequent pairs the one with the lower ids wins, so that the same text gives
/// the same vocabulary on every machine. Memory is that of the distinct pieces.
/// </remarks>
public sealed class BpeLearner
{
    /// <summary>
    /// The rule for cutting text of prose and of program code: words with the space before them, an identifier's words by their capitals, digits
    /// one to three together, runs of punctuation, white space.
    /// </summary>
    public const string WordPattern =
        @" ?\p{Lu}?[\p{Ll}\p{M}]+| ?\p{Lu}+(?![\p{Ll}\p{M}])| ?[\p{L}\p{M}]+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The fewest tokens of a vocabulary: one a byte.</summary>
    public const int MinTokens = 256;

    private const int MaxPieceBytes = 128;                      // longer pieces are no words; they would only cost time
    private const int MaxPieces = 20_000_000;

    private readonly Regex _pattern;
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _countsBySpan;

    /// <param name="pattern">Cuts text into pieces.</param>
    public BpeLearner(string pattern = WordPattern)
    {
        _pattern = new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        _countsBySpan = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Takes a text into account.</summary>
    /// <exception cref="InvalidOperationException">There are more distinct pieces than are kept.</exception>
    public void Add(string text)
    {
        foreach (ValueMatch match in _pattern.EnumerateMatches(text))
        {
            ReadOnlySpan<char> piece = text.AsSpan(match.Index, match.Length);
            if (piece.Length > MaxPieceBytes)
            {
                continue;
            }

            if (!_countsBySpan.ContainsKey(piece) && _counts.Count == MaxPieces)
            {
                throw new InvalidOperationException($"The text has more than {MaxPieces:N0} distinct pieces. Learn the vocabulary from a sample of it.");
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_countsBySpan, piece, out _)++;
        }
    }

    /// <summary>Learns; fewer tokens come out where no pair occurs twice any more.</summary>
    /// <param name="tokens">How many, the 256 bytes included.</param>
    /// <param name="cancellationToken">Looked at once a token.</param>
    /// <returns>The tokens' bytes, by id.</returns>
    public IReadOnlyList<byte[]> Learn(int tokens, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, MinTokens);
        List<byte[]> vocabulary = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
        HashSet<string> seen = [.. vocabulary.Select(Convert.ToHexString)];
        var words = new MergedWords(_counts
            .OrderBy(piece => piece.Key, StringComparer.Ordinal)
            .Select(piece => (Encoding.UTF8.GetBytes(piece.Key), piece.Value)));
        while (vocabulary.Count < tokens && words.MostFrequentPair() is (int left, int right))
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] merged = [.. vocabulary[left], .. vocabulary[right]];
            if (seen.Add(Convert.ToHexString(merged)))
            {
                words.Merge(left, right, vocabulary.Count);
                vocabulary.Add(merged);
            }
            else
            {
                words.Ignore(left, right);                      // another pair gave the same bytes: a token has one id
            }
        }

        return vocabulary;
    }
}
