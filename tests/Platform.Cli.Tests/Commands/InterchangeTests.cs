using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Tests.Commands;

/// <summary>Import and export of vectors, over a real platform.</summary>
[Collection(LiveTests.Name)]
public sealed class InterchangeTests(LivePlatform platform) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("jsonvector")]
    [InlineData("ciff")]
    [InlineData("items")]
    public async Task What_is_exported_and_imported_again_gives_the_same_answers(string format)
    {
        string vocabulary = _folder.FileOf("vocabulary.txt", [.. Enumerable.Range(0, 50).Select(id => $"term{id}")]);
        string vectors = _folder.FileOf("vectors.jsonl", Lines(seed: 9, count: 300));
        string exported = Path.Combine(_folder.Path, $"exported.{format}");
        await CreateAsync($"from-{format}");
        await CreateAsync($"to-{format}");

        JsonElement imported = JsonOf(await OutputOfAsync("index", "import", $"from-{format}", vectors, "--format", "jsonvector", "--vocabulary", vocabulary, "--json"));
        Assert.Equal(300, imported.GetProperty("created").GetInt32());
        string[] export = ["index", "export", $"from-{format}", exported, "--format", format, .. Vocabulary(format, vocabulary)];
        Assert.Equal(300, JsonOf(await OutputOfAsync([.. export, "--json"])).GetProperty("documents").GetInt32());
        string[] import = format == "items"
            ? ["ingest", $"to-{format}", exported]
            : ["index", "import", $"to-{format}", exported, "--format", format, .. Vocabulary(format, vocabulary)];
        await OutputOfAsync(import);
        Assert.Equal(300, JsonOf(await OutputOfAsync([.. import, "--json"])).GetProperty("updated").GetInt32());   // once more: nothing is there twice

        using var client = new PlatformClient(new PlatformClientOptions { Endpoints = [new(platform.Url)], ApiKey = platform.Key });
        var random = new Random(3);
        for (int i = 0; i < 10; i++)
        {
            var query = new SearchRequest { Sparse = new SparseVector { Indices = [random.Next(50), 50, 51], Values = [1, 2, random.NextDouble() + 0.1] }, Top = 300, Fields = [] };
            SearchResponse[] answers = [await client.SearchAsync($"from-{format}", query), await client.SearchAsync($"to-{format}", query)];
            Assert.Equal(answers[0].Hits.Select(hit => (hit.Id, hit.Score)), answers[1].Hits.Select(hit => (hit.Id, hit.Score)));
        }

        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync(export));
        Assert.Contains("There is a file", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_csr_file_is_imported_under_the_numbers_of_its_rows()
    {
        string path = Path.Combine(_folder.Path, "base.csr");
        byte[] bytes =
        [
            .. MemoryMarshal.AsBytes<long>([3, 100, 4, 0, 2, 2, 4]), .. MemoryMarshal.AsBytes<int>([5, 9, 1, 99]), .. MemoryMarshal.AsBytes<float>([0.5f, 1f, 0f, 3f]),
        ];
        await File.WriteAllBytesAsync(path, bytes);
        await CreateAsync("rows");

        await OutputOfAsync("index", "import", "rows", path, "--format", "csr");
        string exported = Path.Combine(_folder.Path, "rows.jsonl");
        await OutputOfAsync("index", "export", "rows", exported, "--format", "items");

        string[] lines = await File.ReadAllLinesAsync(exported);
        Assert.Equal(["0", "1", "2"], lines.Select(line => JsonOf(line).GetProperty("id").GetString()));
        Assert.Equal([99], JsonOf(lines[2]).GetProperty("sparse").GetProperty("indices").EnumerateArray().Select(id => id.GetInt32()));

        await File.WriteAllBytesAsync(path, bytes[..^1]);
        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "import", "rows", path, "--format", "csr"));
        Assert.Contains("base.csr', byte 0:", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_lines_and_refused_vectors_fail_alone_with_their_lines()
    {
        string vectors = _folder.FileOf(
            "bad.jsonl",
            "{\"id\":\"1\",\"vector\":{\"3\":1}}",
            "{\"id\":\"2\",\"vector\":{\"wing\":1}}",
            "{\"id\":\"3\",\"vector\":{\"3\":99}}",
            "{\"id\":\"4\",\"contents\":\"a text\",\"vector\":{\"3\":2}}");
        await CreateAsync("bad-lines");

        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Partial, await terminal.RunAsync("index", "import", "bad-lines", vectors, "--format", "jsonvector"));

        Assert.Contains("2 created, 2 failed", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("bad.jsonl:2: failed: Term 'wing' is no term id", terminal.Error, StringComparison.Ordinal);
        Assert.Contains("bad.jsonl:3: document '3' failed: A sparse weight is 99", terminal.Error, StringComparison.Ordinal);
    }

    private static string[] Vocabulary(string format, string path) => format == "items" ? [] : ["--vocabulary", path];

    private static string[] Lines(int seed, int count)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var terms = Enumerable.Range(0, 50).Where(_ => random.Next(4) == 0)
                    .Select(id => string.Create(CultureInfo.InvariantCulture, $"\"term{id}\":{0.01 + (4 * random.NextDouble())}"));
                return $"{{\"id\":\"d{i}\",\"contents\":\"\",\"vector\":{{{string.Join(',', terms)}}}}}";
            }),
        ];
    }

    private static JsonElement JsonOf(string text) => JsonDocument.Parse(text).RootElement;

    private Task<string> CreateAsync(string name) => OutputOfAsync("index", "create", name, "--encoder", "none", "--shards", "4");

    private async Task<string> OutputOfAsync(params string[] arguments)
    {
        TestTerminal terminal = platform.NewTerminal();
        int exitCode = await terminal.RunAsync(arguments);
        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        return terminal.Output;
    }
}
