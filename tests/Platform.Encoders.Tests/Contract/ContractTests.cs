using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Platform.Encoders.Contract;
using Platform.Encoders.Tests.Fakes;

namespace Platform.Encoders.Tests.Contract;

public sealed class ContractTests
{
    private static readonly Gen<EncoderContract> Contracts = Gen.Select(
        Gen.Int[0, 200_000].Nullable(), Gen.String[Gen.Char.AlphaNumeric, 0, 9], Gen.Int[3, 9000], Gen.Double[0.0001, 1000], Gen.Enum<Attention>(), Gen.Bool)
        .Select((id, text, tokens, real, attention, sparse) => (sparse ? ContractPresets.Laconic(2048) : ContractPresets.LionDense()) with
        {
            Bos = id,
            QueryPrefix = $"{text}\n\"\\é🦙",
            MaxQueryTokens = tokens,
            Temperature = real,
            Attention = attention,
        });

    [Fact]
    public void A_contract_comes_back_from_its_file_in_both_forms() => Contracts.Sample(contract =>
        contract == Parse(ContractFile.ToCanonicalJson(contract)) && contract == Parse(ContractFile.ToReadableJson(contract)));

    [Fact]
    public void Two_contracts_have_one_hash_if_and_only_if_they_are_equal() => Gen.Select(Contracts, Contracts).Sample((left, right) =>
        (left == right) == (ContractFile.HashOf(left) == ContractFile.HashOf(right))
        && (left == right) == (ContractComparison.Difference(left, right).Count == 0)
        && ContractFile.HashOf(left) == ContractFile.HashOf(left with { }));

    [Fact]
    public void The_canonical_form_of_Lion_is_what_every_index_remembers()
    {
        Assert.Equal(
            """{"attention":"bidirectional","bos":128000,"documentTemplate":"{title} {text}","eos":null,"head":"dense","logitScale":1,"maxPassageTokens":512,"maxQueryTokens":512,"normalisation":"token","passagePrefix":"","pooling":"mean","queryPrefix":"","temperature":0.01,"topPassageTerms":null,"topQueryTerms":null,"version":1}""",
            ContractFile.ToCanonicalJson(ContractPresets.LionDense()));
    }

    [Fact]
    public void The_difference_names_each_field_with_both_values()
    {
        EncoderContract lion = ContractPresets.LionSparse(2048);
        EncoderContract laconic = ContractPresets.Laconic(2048);

        IReadOnlyList<ContractDifference> differences = ContractComparison.Difference(lion, laconic);

        Assert.Equal(["bos", "maxPassageTokens", "maxQueryTokens", "passagePrefix", "queryPrefix"], differences.Select(difference => difference.Field));
        Assert.Equal(new ContractDifference("bos", "128000", "null"), differences[0]);
        Assert.StartsWith("bos is 128000 in the index and null in the query; ", ContractComparison.Describe(differences, "the index", "the query"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048, 0.148651)]
    [InlineData(3072, 0.134321)]
    [InlineData(4096, 0.125)]
    public void The_logit_scale_of_Lion_is_the_published_one(int hiddenSize, double scale) =>
        Assert.Equal(scale, ContractPresets.LionSparse(hiddenSize).LogitScale, 6);

    [Theory]
    [InlineData("bos", "\"128000\"", "bos is '\"128000\"'; it must be a whole number from 0 to 1048575, or null")]
    [InlineData("bos", "-1", "bos is '-1'")]
    [InlineData("bos", "1.5", "bos is '1.5'")]
    [InlineData("maxQueryTokens", "2", "maxQueryTokens is '2'; it must be a whole number from 3 to 131072")]
    [InlineData("maxQueryTokens", "null", "maxQueryTokens is 'null'")]
    [InlineData("pooling", "\"Mean\"", "pooling is '\"Mean\"'; it must be one of mean, max, last")]
    [InlineData("pooling", "0", "pooling is '0'")]
    [InlineData("temperature", "0", "temperature is '0'; it must be a number from 0.0001 to 1000")]
    [InlineData("temperature", "1e999", "temperature is '1e999'")]
    [InlineData("queryPrefix", "null", "queryPrefix is 'null'")]
    [InlineData("queryPrefix", "\"\\u0000\"", "none a control character")]
    [InlineData("documentTemplate", "\"{title}\"", "it must contain {text}")]
    [InlineData("logitScale", "0.5", "a dense head has logitScale 1")]
    [InlineData("head", "\"sparse\"", "a sparse head has pooling max and normalisation none")]
    [InlineData("version", "2", "version is 2; this build reads 1")]
    [InlineData("extra", "1", "'extra' is no field of a contract")]
    public void A_wrong_or_unknown_field_is_refused_with_its_value_and_limit(string field, string value, string fault)
    {
        var root = (JsonObject)JsonNode.Parse(ContractFile.ToCanonicalJson(ContractPresets.LionDense()))!;
        root.Remove(field);
        string json = $"{root.ToJsonString()[..^1]},\"{field}\":{value}}}";

        Assert.Contains(fault, Assert.Throws<ContractException>(() => Parse(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_field_is_told_at_once()
    {
        var refusal = Assert.Throws<ContractException>(() => Parse("{}"));

        Assert.Equal(16, refusal.Faults.Count);
        Assert.All(refusal.Faults, fault => Assert.EndsWith(" is missing", fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"bos\":1,\"bos\":1}")]
    [InlineData("[[[[[[]]]]]]")]
    public void What_is_no_object_is_refused(string json) => Assert.Throws<ContractException>(() => Parse(json));

    [Fact]
    public void A_file_names_itself_in_its_refusal()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(ContractFile.Name, "{}");

        Assert.Equal(path, Assert.Throws<ContractException>(() => ContractFile.Read(path)).Path);
        Assert.Throws<ContractException>(() => ContractFile.Read(folder.PathOf("none.json")));
    }

    private static EncoderContract Parse(string json) => ContractFile.Parse("contract.json", Encoding.UTF8.GetBytes(json));
}
