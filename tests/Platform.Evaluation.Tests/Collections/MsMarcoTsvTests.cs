using Platform.Evaluation.Collections;

namespace Platform.Evaluation.Tests.Collections;

public sealed class MsMarcoTsvTests
{
    [Fact]
    public async Task Passages_and_queries_are_an_id_and_a_text()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("file.tsv", "0\tThe first passage.\r\n17\té \n");

        Assert.Equal([new("0", "", "The first passage."), new("17", "", "é ")], await MsMarcoTsv.ReadPassagesAsync(path).ToArrayAsync());
        Assert.Equal([new("0", "The first passage."), new("17", "é ")], await MsMarcoTsv.ReadQueriesAsync(path).ToArrayAsync());
    }

    [Theory]
    [InlineData("0\ta\nno tab", 2, "1 column")]
    [InlineData("0\ta\tb\n", 1, "3 columns")]
    [InlineData("\ta\n", 1, "an empty id")]
    [InlineData("0\ta\n0\tb\n", 2, "'0' a second time")]
    public async Task A_broken_line_is_named_with_its_number_and_what_was_found(string content, int line, string found)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("file.tsv", content);

        CollectionFormatException exception = await Assert.ThrowsAsync<CollectionFormatException>(
            async () => await MsMarcoTsv.ReadQueriesAsync(path).CountAsync());

        Assert.Equal(line, exception.Line);
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }
}
