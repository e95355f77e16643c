using System.Text;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Tests.Reading;

public sealed class StrictJsonTests
{
    [Fact]
    public void A_missing_member_has_the_default_that_the_contract_states()
    {
        IndexSpec spec = Read<IndexSpec>("""{"name":"a"}""");
        Assert.Equal(new IndexSpec { Name = "a" }, spec);
        SearchRequest search = Read<SearchRequest>("""{"text":"a"}""");
        Assert.Equal(new SearchRequest { Text = "a" }, search);
    }

    [Fact]
    public void Members_are_known_in_any_case() =>
        Assert.Equal("a", Read<SearchRequest>("""{"TEXT":"a"}""").Text);

    [Theory]
    [InlineData("""{"text":"a","size":5}""", "Member 'size' is not known. Known members: text, sparse, dense,")]
    [InlineData("""{"text":"a","we ird":5}""", "Member 'we ird' is not known")]
    [InlineData("""{"text":"a","top":"5"}""", "Member 'top' is not a whole number of 32 bits (at line 1, byte ")]
    [InlineData("""{"text":"a","top":2.5}""", "Member 'top' is not a whole number")]
    [InlineData("""{"text":"a","top":null}""", "Member 'top' is not a whole number")]
    [InlineData("""{"text":"a","explain":1}""", "Member 'explain' is not true or false")]
    [InlineData("""{"text":["a"]}""", "Member 'text' is not a string")]
    [InlineData("""{"text":"\ud800"}""", "Member 'text' is not a string of valid Unicode")]
    [InlineData("""{"fields":"title"}""", "Member 'fields' is not an array")]
    [InlineData("""{"sparse":{"indices":[1,2.5]}}""", "Member 'sparse.indices[1]' is not a whole number of 64 bits")]
    [InlineData("""{"sparse":{"indices":[99999999999999999999]}}""", "Member 'sparse.indices[0]' is not a whole number of 64 bits")]
    [InlineData("""{"sparse":{"weights":[1]}}""", "Member 'weights' is not known. Known members: indices, values")]
    [InlineData("""{"text":"a","Text":"b"}""", "Member 'Text' stands twice")]
    [InlineData("\"a\"", "The text is not a JSON object")]
    [InlineData("null", "The text is null; expected a JSON object")]
    [InlineData("{\n\"text\":\n nope}", "Not valid JSON at line 3, byte 3: 'nope}' is an invalid")]
    [InlineData("{'text':1}", "Not valid JSON at line 1, byte 2")]
    public void A_fault_names_the_member_what_was_expected_and_the_place(string json, string detail)
    {
        Fault fault = Assert.Throws<RequestException>(() => Read<SearchRequest>(json)).Fault;
        Assert.Equal(ErrorCodes.InvalidJson, fault.Code);
        Assert.Contains(detail, fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Platform.Client", fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("BytePositionInLine", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[] latin1 = Encoding.Latin1.GetBytes("""{"text":"café"}""");
        Fault fault = Assert.Throws<RequestException>(() => StrictJson.Read(latin1, GatewayJson.Request<SearchRequest>())).Fault;
        Assert.Contains("Member 'text' is not a string of valid Unicode", fault.Detail, StringComparison.Ordinal);
    }

    private static T Read<T>(string json)
        where T : class => StrictJson.Read(Encoding.UTF8.GetBytes(json), GatewayJson.Request<T>());
}
