using System.IO.Compression;
using System.Text;
using Platform.Cli.Commands;
using Platform.Cli.Commands.Ingesting;
using Platform.Cli.Tests.Fakes;
using Platform.Client.Contracts;

namespace Platform.Cli.Tests.Commands;

public sealed class ItemFilesTests
{
    [Fact]
    public void A_line_of_our_own_is_taken_as_it_is()
    {
        BulkItem item = Parse("""{"id":"1","action":"upsert","title":"T","fields":{"year":1999},"sparse":{"indices":[3],"values":[0.5]}}""");

        Assert.Equal(("1", "upsert", "T", 1999, 3), (item.Id, item.Action, item.Title, item.Fields!["year"].GetInt32(), item.Sparse!.Indices[0]));
    }

    [Fact]
    public void A_line_of_BEIR_keeps_what_is_neither_title_nor_text_as_fields()
    {
        BulkItem item = Parse("""{"_id": "MED-10", "title": "", "text": "t", "metadata": {"url": "u"}, "year": 2020}""");

        Assert.Equal(("MED-10", null, "t"), (item.Id, item.Title, item.Text));
        Assert.Equal("u 2020", $"{item.Fields!["url"]} {item.Fields["year"]}");
    }

    [Fact]
    public void A_numeric_id_of_BEIR_is_its_digits() => Assert.Equal("4983", Parse("""{"_id": 4983, "text": ""}""").Id);

    [Theory]
    [InlineData("{\"id\":", "write {\"id\"")]
    [InlineData("[1]", "found a JSON Array")]
    [InlineData("{\"title\":\"no id\"}", "'id'")]
    [InlineData("{\"id\":\"1\",\"body\":\"b\"}", "'body'")]
    [InlineData("{\"id\":\"1\",\"title\":7}", "title")]
    [InlineData("{\"_id\":\"1\",\"text\":7}", "'text' is a JSON Number")]
    public void A_line_that_is_no_document_says_why(string line, string told) =>
        Assert.Contains(told, Assert.Throws<FormatException>(() => Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Files_are_read_in_their_order_and_bad_lines_told_with_their_place()
    {
        using var folder = new TemporaryFolder();
        string first = folder.FileOf("a.jsonl", "\uFEFF{\"id\":\"1\"}", "", "oops", "{\"id\":\"2\"}");
        string second = folder.FileOf("b.jsonl", "{\"id\":\"3\"}");
        string packed = Path.Combine(folder.Path, "c.jsonl.gz");
        await using (var gzip = new GZipStream(File.Create(packed), CompressionMode.Compress))
        {
            gzip.Write("{\"id\":\"4\"}"u8);   // without a line feed at the end
        }

        var terminal = new TestTerminal { Input = "{\"id\":\"5\"}\r\n{\"id\":\"6\"}\r\n" };
        List<string> bad = [];
        var files = new ItemFiles(terminal.Terminal, [first, second, packed, "-"]) { BadLine = (line, _) => bad.Add(line.ToString()) };

        List<BulkItem> items = await files.ReadAsync().ToListAsync();

        Assert.Equal(["1", "2", "3", "4", "5", "6"], items.Select(item => item.Id));
        Assert.Equal([$"{first}:3"], bad);
        Assert.Equal(
            [$"{first}:1", $"{first}:4", $"{second}:1", $"{packed}:1", "standard input:1", "standard input:2"],
            Enumerable.Range(1, 6).Select(position => files.Lines.Of(position).ToString()));
    }

    [Fact]
    public async Task The_part_read_grows_to_the_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.FileOf("a.jsonl", [.. Enumerable.Range(0, 10_000).Select(n => $"{{\"id\":\"{n}\",\"text\":\"some text\"}}")]);
        var files = new ItemFiles(new TestTerminal().Terminal, [path]);
        List<double> parts = [];

        await foreach (BulkItem _ in files.ReadAsync())
        {
            parts.Add(files.FractionRead!.Value);
        }

        Assert.Equal(parts.Order(), parts);
        Assert.Equal(1, parts[^1]);
        Assert.InRange(parts[0], 0.01, 0.5);
    }

    [Fact]
    public void A_file_that_is_not_there_is_wrong_usage() => Assert.Equal(
        ExitCodes.Usage,
        Assert.Throws<CommandFaultException>(() => new ItemFiles(new TestTerminal().Terminal, ["/no/such/file"])).ExitCode);

    private static BulkItem Parse(string line) => ItemLine.Parse(Encoding.UTF8.GetBytes(line));
}
