using System.Text;
using CsCheck;
using Platform.Encoders.Text;
using Platform.Training.Vocabulary;

namespace Platform.Training.Tests.Vocabulary;

public sealed class BpeLearnerTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["aabbcd ABé1.\n"], 0, 30];

    [Fact]
    public void Tokens_are_those_of_counting_every_pair_anew_at_every_step() =>
        Gen.Select(Texts.Array[1, 8], Gen.Int[256, 290]).Sample((texts, size) =>
            Assert.Equal(Slowly(texts, size), Learn(texts, size).Select(Convert.ToHexString)));

    [Fact]
    public void A_learned_vocabulary_written_as_tokenizer_json_is_read_back_and_gives_every_text_back() =>
        Gen.Select(Texts.Array[1, 8], Gen.String[0, 40]).Sample((texts, other) =>
        {
            IReadOnlyList<byte[]> tokens = Learn(texts, 300);
            string path = Path.GetTempFileName();
            try
            {
                File.WriteAllText(path, Encoding.UTF8.GetString(TokenizerJsonWriter.Write(tokens, BpeLearner.WordPattern, ["<|end|>"])));
                BpeVocabulary vocabulary = TokenizerFiles.ReadJson(path);
                Assert.Equal(tokens.Count, vocabulary.OrdinaryCount);
                Assert.Equal(tokens.Count, vocabulary.SpecialTokens["<|end|>"]);
                var tokenizer = new BpeTokenizer(vocabulary);
                foreach (string text in texts.Append(other))
                {
                    string due = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
                    Assert.Equal(due, vocabulary.Decode([.. tokenizer.Encode(text)]));
                }
            }
            finally
            {
                File.Delete(path);
            }
        }, iter: 30);

    [Theory]
    [InlineData("GetBytesAsync of XMLReader2 isn't", "Get|Bytes|Async| of| XML|Reader|2| isn|'|t")]
    [InlineData("a  b\nc", "a| | b|\n|c")]
    public void Identifiers_are_cut_at_their_capitals(string text, string pieces) =>
        Assert.Equal(pieces.Split('|'), System.Text.RegularExpressions.Regex.Matches(text, BpeLearner.WordPattern).Select(match => match.Value));

    private static IReadOnlyList<byte[]> Learn(string[] texts, int size)
    {
        var learner = new BpeLearner();
        foreach (string text in texts)
        {
            learner.Add(text);
        }

        return learner.Learn(size, CancellationToken.None);
    }

    private static List<string> Slowly(string[] texts, int size)
    {
        List<List<string>> words = [.. texts.SelectMany(text => System.Text.RegularExpressions.Regex.Matches(text, BpeLearner.WordPattern))
            .Select(match => Encoding.UTF8.GetBytes(match.Value).Select(value => value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)).ToList())];
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(value => value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))];
        HashSet<(string, string)> ignored = [];
        while (tokens.Count < size)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1)))
                .Where(pair => !ignored.Contains(pair))
                .GroupBy(pair => pair)
                .Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count()).ThenBy(group => tokens.IndexOf(group.Key.First)).ThenBy(group => tokens.IndexOf(group.Key.Second))
                .FirstOrDefault();
            if (best is null)
            {
                break;
            }

            (string left, string right) = best.Key;
            if (tokens.Contains(left + right))
            {
                ignored.Add((left, right));
                continue;
            }

            tokens.Add(left + right);
            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return tokens;
    }
}
