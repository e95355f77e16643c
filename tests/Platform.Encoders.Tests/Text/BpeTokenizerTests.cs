using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Platform.Encoders.Text;
using Platform.Testing;

namespace Platform.Encoders.Tests.Text;

public sealed class BpeTokenizerTests
{
    private static string Llama3Path => TestData.PathOf("llama3-tokenizer", "llama3.tiktoken");

    private static string SpecialPath => TestData.PathOf("llama3-tokenizer", "special_tokens_3.1.json");

    [TestDataFact]
    public void Every_test_vector_of_Llama_3_has_its_ids_and_decodes_back()
    {
        var tokenizer = new BpeTokenizer(TokenizerFiles.ReadTiktoken(Llama3Path, SpecialPath));
        IReadOnlyDictionary<string, int> special = tokenizer.Vocabulary.SpecialTokens;
        int vectors = 0;
        foreach (string line in File.ReadLines(TestData.PathOf("llama3-tokenizer", "test_vectors.jsonl")))
        {
            using JsonDocument vector = JsonDocument.Parse(line);
            string text = vector.RootElement.GetProperty("text").GetString()!;
            int[] due = [.. vector.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

            // One vector names special tokens, which this tokenizer never reads out of a text: the test puts them between its pieces.
            string[] pieces = Regex.Split(text, @"(<\|\w+\|>)");
            int[] ids = [.. pieces.SelectMany(piece => special.TryGetValue(piece, out int id) ? [id] : tokenizer.Encode(piece))];

            Assert.Equal(due, ids);
            if (pieces.Length == 1)
            {
                Assert.Equal(due.Take(7), tokenizer.Encode(text, 7));
                Assert.Equal(text, tokenizer.Vocabulary.Decode(due));
            }

            vectors++;
        }

        Assert.Equal(745, vectors);
        Assert.Equal((128_000, 128_256), (tokenizer.Vocabulary.OrdinaryCount, tokenizer.Vocabulary.Size));
    }

    [TestDataFact]
    public void A_hundred_thousand_random_texts_never_crash_and_come_back()
    {
        var tokenizer = new BpeTokenizer(TokenizerFiles.ReadTiktoken(Llama3Path));
        Gen<char> unit = Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\0', '\u07FF'], Gen.Char['\0', '\uFFFF'], AnyOf(" \n\r\t\u00A0\u3000\uD83E\uDD99"));
        unit.Array[0, 60].Select(units => new string(units)).Sample(
            text =>
            {
                IReadOnlyList<int> ids = tokenizer.Encode(text);
                string sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));      // a lone surrogate is U+FFFD
                return tokenizer.Vocabulary.Decode([.. ids]) == sound;
            },
            iter: 100_000,
            threads: 1);
    }

    [TestDataFact]
    public void A_special_token_in_a_text_is_text_like_any_other()
    {
        BpeVocabulary vocabulary = TokenizerFiles.ReadTiktoken(Llama3Path, SpecialPath);
        var tokenizer = new BpeTokenizer(vocabulary);

        Assert.Equal(256, vocabulary.SpecialTokens.Count);
        Assert.All(vocabulary.SpecialTokens.Keys, name =>
        {
            string text = $"before {name}after";
            IReadOnlyList<int> ids = tokenizer.Encode(text);
            Assert.All(ids, id => Assert.InRange(id, 0, vocabulary.OrdinaryCount - 1));
            Assert.Equal(text, vocabulary.Decode([.. ids]));
        });
        Assert.Equal("<|begin_of_text|>", vocabulary.TextOf(128_000));
        Assert.Equal("", vocabulary.Decode([128_000, 128_001, -1, int.MaxValue]));
    }

    [TestDataTheory]
    [InlineData("tokenizer-prefix-1024.json", "llama3-prefix-1024.tiktoken")]
    [InlineData("tokenizer-prefix-4096.json", "llama3-prefix-4096.tiktoken")]
    public void A_tokenizer_json_gives_the_ids_of_the_same_vocabulary_as_tiktoken(string json, string tiktoken)
    {
        BpeVocabulary fromJson = TokenizerFiles.ReadJson(TestData.PathOf("llama3-tokenizer", json));
        var left = new BpeTokenizer(fromJson);
        var right = new BpeTokenizer(TokenizerFiles.ReadTiktoken(TestData.PathOf("llama3-tokenizer", tiktoken)));

        Assert.Equal(4, fromJson.SpecialTokens.Count);
        Assert.Equal(fromJson.OrdinaryCount, fromJson.SpecialTokens["<|begin_of_text|>"]);
        Gen.String[0, 80].Sample(text => left.Encode(text).SequenceEqual(right.Encode(text)), iter: 2000, threads: 1);
    }

    [TestDataFact]
    public void Long_pieces_merge_to_the_ids_of_the_quadratic_way()
    {
        BpeVocabulary vocabulary = TokenizerFiles.ReadTiktoken(TestData.PathOf("llama3-tokenizer", "llama3-prefix-4096.tiktoken"));
        Dictionary<ReadOnlyMemory<byte>, int> ranks = vocabulary.ToRanks();
        AnyOf("aetin é\n").Array[1, 120].Select(units => new string(units)).Sample(
            text =>
            {
                byte[] piece = Encoding.UTF8.GetBytes(text);
                List<int> ids = [];
                LongPieceMerge.Encode(piece, ranks, ids, CancellationToken.None);
                return ids.SequenceEqual(NaiveMerge(piece, ranks));
            },
            iter: 5000,
            threads: 1);
    }

    [TestDataFact]
    public void A_text_without_any_break_is_encoded_and_cut_like_any_other()
    {
        var tokenizer = new BpeTokenizer(TokenizerFiles.ReadTiktoken(Llama3Path));
        string text = $"wing {string.Concat(Enumerable.Repeat("antidisestablishment", 10_000))} slipstream";

        IReadOnlyList<int> ids = tokenizer.Encode(text);

        Assert.Equal(text, tokenizer.Vocabulary.Decode([.. ids]));
        Assert.Equal(ids.Take(512), tokenizer.Encode(text, 512));
        Assert.Equal(tokenizer.Encode("wing"), tokenizer.Encode(text, 1));
    }

    [TestDataFact]
    public void A_piece_just_over_and_just_under_the_long_limit_has_the_ids_of_the_naive_way()
    {
        BpeVocabulary vocabulary = TokenizerFiles.ReadTiktoken(TestData.PathOf("llama3-tokenizer", "llama3-prefix-4096.tiktoken"));
        var tokenizer = new BpeTokenizer(vocabulary);
        Dictionary<ReadOnlyMemory<byte>, int> ranks = vocabulary.ToRanks();
        for (int length = BpeTokenizer.LongPiece - 2; length <= BpeTokenizer.LongPiece + 2; length++)
        {
            string text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i % 23))));
            Assert.Equal(NaiveMerge(Encoding.UTF8.GetBytes(text), ranks), tokenizer.Encode(text));
        }
    }

    private static Gen<char> AnyOf(string characters) => Gen.Int[0, characters.Length - 1].Select(i => characters[i]);

    /// <summary>The definition: merge the leftmost pair of lowest rank until none is left.</summary>
    private static List<int> NaiveMerge(byte[] piece, Dictionary<ReadOnlyMemory<byte>, int> ranks)
    {
        if (ranks.TryGetValue(piece, out int whole))
        {
            return [whole];
        }

        List<byte[]> parts = [.. piece.Select(b => new[] { b })];
        while (true)
        {
            int best = -1;
            int lowest = int.MaxValue;
            for (int i = 0; i + 1 < parts.Count; i++)
            {
                if (ranks.TryGetValue((byte[])[.. parts[i], .. parts[i + 1]], out int rank) && rank < lowest)
                {
                    (best, lowest) = (i, rank);
                }
            }

            if (best < 0)
            {
                return [.. parts.Select(part => ranks[part])];
            }

            parts[best] = [.. parts[best], .. parts[best + 1]];
            parts.RemoveAt(best + 1);
        }
    }
}
