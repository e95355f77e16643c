using System.Text.Json.Nodes;
using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Text;
using Platform.Testing;

namespace Platform.Encoders.Tests.Text;

public sealed class TokenizerFilesTests
{
    public static TheoryData<string, string, string> UnsupportedChanges => new()
    {
        { "normalizer", """{"type":"NFC"}""", "has a normalizer" },
        { "model.type", "\"Unigram\"", "has a model of type 'Unigram'" },
        { "model.ignore_merges", "false", "without ignore_merges" },
        { "model.byte_fallback", "true", "byte_fallback" },
        { "model.dropout", "0.1", "dropout" },
        { "model.end_of_word_suffix", "\"</w>\"", "word suffix" },
        { "model.vocab.!", "5000", "so that ids have gaps" },
        { "model.vocab.€", "1", "not written in the byte-level alphabet" },
        { "model.merges", "[]", "lacks the merge of" },
        { "model.merges", """["e r","i n"]""", "out of the order" },
        { "model.merges", """["zz zz"]""", "out of the order" },
        { "model.merges", """["a"]""", "has a merge of 1 parts" },
        { "pre_tokenizer", """{"type":"Metaspace"}""", "has a pre_tokenizer other than" },
        { "pre_tokenizer.pretokenizers.0.behavior", "\"Removed\"", "Split other than Isolated" },
        { "pre_tokenizer.pretokenizers.0.pattern", """{"String":" "}""", "has a Split without a Regex" },
        { "pre_tokenizer.pretokenizers.0.pattern.Regex", "\"(\"", "no regular expression" },
        { "pre_tokenizer.pretokenizers.1.add_prefix_space", "true", "add_prefix_space" },
        { "added_tokens.0.special", "false", "which is not special" },
        { "added_tokens.0.id", "17", "special ids are each other's own" },
        { "added_tokens.0.id", "1025", "special ids are each other's own" },
    };

    [TestDataTheory]
    [MemberData(nameof(UnsupportedChanges))]
    public void A_tokenizer_json_that_asks_for_something_else_is_refused_by_name(string place, string value, string fault)
    {
        using var folder = new TemporaryFolder();
        JsonNode root = JsonNode.Parse(File.ReadAllText(TestData.PathOf("llama3-tokenizer", "tokenizer-prefix-1024.json")))!;
        string[] steps = place.Split('.');
        JsonNode target = steps[..^1].Aggregate(root, (node, step) => node is JsonArray list ? list[int.Parse(step, null)]! : node[step]!);
        target[steps[^1]] = JsonNode.Parse(value);
        string path = folder.Write(TokenizerFiles.JsonFile, root.ToJsonString());

        var refusal = Assert.Throws<TokenizerException>(() => TokenizerFiles.Find(folder.Path));

        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(path, refusal.Path);
    }

    [Theory]
    [InlineData("IQ== 0\nIg== 2\n", "no token of rank 1 at line 2")]
    [InlineData("IQ== 0\nnot-base64! 1\n", "no token of rank 1")]
    [InlineData("IQ== 0\nIg==\n", "no token of rank 1")]
    [InlineData("IQ== x\n", "no token of rank 0")]
    [InlineData("\u0001\u0002SentencePiece", "no token of rank 0")]
    [InlineData("IQ== 0\nIQ== 1\n", "second time the same token, at id 1")]
    [InlineData("IQ== 0\n", "no token for the byte 0x00")]
    [InlineData("", "no token for the byte 0x00")]
    public void An_unsound_tiktoken_file_is_refused(string content, string fault)
    {
        using var folder = new TemporaryFolder();
        folder.Write(TokenizerFiles.TiktokenFile, content);

        Assert.Contains(fault, Assert.Throws<TokenizerException>(() => TokenizerFiles.Find(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"pre_tokenizer":3,"model":{}}""")]
    [InlineData("""{"model":{},"model":{}}""")]
    [InlineData("""{"pre_tokenizer":{"type":"Sequence"}}""")]
    public void A_file_that_is_no_tokenizer_json_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        folder.Write(TokenizerFiles.JsonFile, content);

        Assert.Throws<TokenizerException>(() => TokenizerFiles.Find(folder.Path));
    }

    [Fact]
    public void A_folder_without_tokenizer_has_none()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(TokenizerFiles.Find(folder.Path));
    }
}
