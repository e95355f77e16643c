using CsCheck;
using Platform.Encoders.Contract;
using Platform.Encoders.Text;
using Platform.Testing;

namespace Platform.Encoders.Tests.Text;

public sealed class ContractTokenizerTests
{
    private static readonly Lazy<BpeTokenizer> Small = new(() =>
        new BpeTokenizer(TokenizerFiles.ReadJson(TestData.PathOf("llama3-tokenizer", "tokenizer-prefix-1024.json"))));

    private static EncoderContract Contract => ContractPresets.LionDense() with { Bos = 1024, Eos = null };

    [TestDataFact]
    public void Bos_and_eos_stand_where_the_contract_says_and_only_there()
    {
        IReadOnlyList<int> plain = Small.Value.Encode("sleeping cats");

        Assert.Equal([1024, .. plain], new ContractTokenizer(Small.Value, Contract).EncodeQuery("sleeping cats"));
        Assert.Equal([.. plain, 1025], new ContractTokenizer(Small.Value, Contract with { Bos = null, Eos = 1025 }).EncodeQuery("sleeping cats"));
        Assert.Equal(plain, new ContractTokenizer(Small.Value, Contract with { Bos = null }).EncodeQuery("sleeping cats"));
    }

    [TestDataFact]
    public void The_prefix_is_one_text_with_what_follows()
    {
        var tokenizer = new ContractTokenizer(Small.Value, Contract with { Bos = null, QueryPrefix = "query: ", PassagePrefix = "passage: " });

        Assert.Equal(Small.Value.Encode("query: cats"), tokenizer.EncodeQuery("cats"));
        Assert.Equal(Small.Value.Encode("passage: Cats They sleep."), tokenizer.EncodePassage("Cats", "They sleep."));
        Assert.Equal(Small.Value.Encode("passage: They sleep."), tokenizer.EncodePassage(null, "They sleep."));
    }

    [TestDataFact]
    public void A_long_text_is_cut_to_the_limit_and_keeps_its_eos()
    {
        EncoderContract contract = Contract with { Eos = 1025, MaxQueryTokens = 6, MaxPassageTokens = 9 };
        var tokenizer = new ContractTokenizer(Small.Value, contract);
        Gen.String[0, 200].Sample(
            text =>
            {
                int[] query = tokenizer.EncodeQuery(text);
                int[] passage = tokenizer.EncodePassage("", text);
                return query.Length <= 6 && passage.Length <= 9
                    && query[0] == 1024 && query[^1] == 1025
                    && query[1..^1].SequenceEqual(Small.Value.Encode(text).Take(4));
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void A_template_is_filled_once_and_trimmed()
    {
        Assert.Equal("T X", ContractTokenizer.Render("{title} {text}", "T", "X"));
        Assert.Equal("X", ContractTokenizer.Render("{title} {text}", "", "X"));
        Assert.Equal("{text} {title}", ContractTokenizer.Render("{title} {text}", "{text}", "{title}"));
        Assert.Equal("a {x} b", ContractTokenizer.Render("a {x} {text}", "T", "b"));
    }
}
