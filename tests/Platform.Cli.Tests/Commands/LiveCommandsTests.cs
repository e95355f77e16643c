using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Spectre.Console.Testing;

namespace Platform.Cli.Tests.Commands;

/// <summary>The client commands against a real platform.</summary>
[Collection(LiveTests.Name)]
public sealed class LiveCommandsTests(LivePlatform platform)
{
    [Fact]
    public async Task An_index_is_created_shown_listed_measured_and_deleted()
    {
        Assert.Equal("Created index 'life': 2 shards, encoder lexical.\n", await OutputOfAsync("index", "create", "life", "--shards", "2", "--k1", "1.2"));
        Assert.Contains("k1 1.2, b 0.4", await OutputOfAsync("index", "show", "life"), StringComparison.Ordinal);
        Assert.Contains("life ", await OutputOfAsync("index", "list"), StringComparison.Ordinal);
        string stats = await OutputOfAsync("index", "stats", "life");
        Assert.Matches(@"Documents +0", stats);
        Assert.Equal(2, JsonOf(await OutputOfAsync("index", "stats", "life", "--json")).GetProperty("shards").GetArrayLength());
        Assert.Equal("Deleted index 'life'.\n", await OutputOfAsync("index", "delete", "life", "--yes"));

        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "show", "life"));
        Assert.Contains("There is no index 'life'.", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sparse_index_shows_its_pruning_its_figures_and_what_quantisation_costs()
    {
        using var folder = new TemporaryFolder();
        string items = folder.FileOf("items.jsonl", "{\"id\":\"1\",\"sparse\":{\"indices\":[3,5],\"values\":[1.5,0.5]}}", "{\"id\":\"2\",\"sparse\":{\"indices\":[3],\"values\":[2]}}");
        string documents = folder.FileOf("documents.jsonl", "{\"id\":\"1\",\"vector\":{\"3\":1.5,\"5\":0.5,\"9\":0.1}}", "", "{\"id\":\"2\",\"vector\":{\"3\":2}}");
        string queries = folder.FileOf("queries.jsonl", "{\"id\":\"q1\",\"vector\":{\"3\":1}}", "{\"id\":\"q2\",\"vector\":{\"5\":1,\"3\":0.2}}");
        string bad = folder.FileOf("bad.jsonl", "{\"id\":\"q1\",\"vector\":{\"wing\":1}}");
        await OutputOfAsync("index", "create", "sparse", "--encoder", "none", "--max-weight", "4", "--top-terms-per-document", "2", "--min-weight", "0.2");
        await OutputOfAsync("ingest", "sparse", items);

        Assert.Matches(@"Terms kept a document +2", await OutputOfAsync("index", "show", "sparse"));
        string stats = await OutputOfAsync("index", "stats", "sparse", "--queries", queries);
        JsonElement measured = JsonOf(await OutputOfAsync("index", "stats", "sparse", "--queries", queries, "--json")).GetProperty("sparse");
        JsonElement study = JsonOf(await OutputOfAsync("index", "quantisation", "sparse", documents, queries, "--json"));

        Assert.Matches(@"Non-zeros a document +1\.5", stats);
        Assert.Matches(@"Expected FLOPS, query by document +1\.250", stats);
        Assert.Equal(1.25, measured.GetProperty("expectedDocumentFlops").GetDouble());         // term 3 in 2 of 2, term 5 in 1 of 2
        Assert.Equal(1.25, measured.GetProperty("expectedQueryFlops").GetDouble());            // both queries have term 3, one of them term 5
        Assert.Equal(1, study.GetProperty("prunedWeights").GetInt32());
        Assert.InRange(study.GetProperty("quantisation").GetProperty("largestError").GetDouble(), 0, 0.02);
        Assert.Contains("of the whole vectors", await OutputOfAsync("index", "quantisation", "sparse", documents, queries), StringComparison.Ordinal);
        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "quantisation", "sparse", documents, bad));
        Assert.Contains("bad.jsonl:1: Term 'wing' is no term id", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_are_found_counted_sorted_and_purged_by_their_fields()
    {
        using var folder = new TemporaryFolder();
        string items = folder.FileOf(
            "items.jsonl",
            "{\"id\":\"1\",\"text\":\"a wing\",\"fields\":{\"lang\":\"en\",\"year\":1999}}",
            "{\"id\":\"2\",\"text\":\"a wing\",\"fields\":{\"lang\":\"de\",\"year\":2004}}",
            "{\"id\":\"3\",\"text\":\"a wing\",\"fields\":{\"lang\":\"en\",\"year\":2010.5}}");
        Assert.Contains("fields lang keyword, year number.", await OutputOfAsync("index", "create", "fielded", "--field", "lang=keyword", "--field", "year=number"), StringComparison.Ordinal);
        await OutputOfAsync("ingest", "fielded", items);

        const string Late = "{\"range\":{\"year\":{\"gt\":2000}}}";
        JsonElement found = JsonOf(await OutputOfAsync("search", "fielded", "wing", "--filter", Late, "--facet", "lang=1", "--sort", "year:desc", "--fields", "fields.year", "--json"));
        Assert.Equal(["3 2010.5", "2 2004"], found.GetProperty("hits").EnumerateArray().Select(hit => $"{hit.GetProperty("id")} {hit.GetProperty("sortValue")}"));
        Assert.False(found.GetProperty("hits")[0].GetProperty("document").TryGetProperty("text", out _));
        Assert.Equal(2, found.GetProperty("facets")[0].GetProperty("distinct").GetInt32());
        Assert.Contains("lang (2 values): de 1, en 1", await OutputOfAsync("search", "fielded", "wing", "--filter", Late, "--facet", "lang"), StringComparison.Ordinal);
        Assert.Equal("2 documents\n", await OutputOfAsync("index", "count", "fielded", "--filter", "{\"eq\":{\"lang\":\"en\"}}"));
        Assert.Equal("Deleted 2 documents of 'fielded'.\n", await OutputOfAsync("index", "purge", "fielded", "--filter", Late, "--yes"));
        Assert.Equal("1 document\n", await OutputOfAsync("index", "count", "fielded"));

        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync("index", "count", "fielded", "--filter", "{\"equals\":1}"));
        Assert.Contains("--filter is not a filter", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_is_split_merged_and_found_balanced()
    {
        await OutputOfAsync("index", "create", "elastic");
        Assert.Matches(@"shard 0 into shards 1, 2, 3, 4\nsplit split-[0-9a-f]+: done; writes waited at most .* ms\.\n$", await OutputOfAsync("index", "split", "elastic", "--into", "4"));
        string shards = await OutputOfAsync("index", "shards", "elastic");
        Assert.Contains("3072-4095", shards, StringComparison.Ordinal);
        Assert.Contains("Map version 2", shards, StringComparison.Ordinal);
        JsonElement merged = JsonOf(await OutputOfAsync("index", "merge", "elastic", "--shard", "1", "--shard", "2", "--json"));
        Assert.Equal("done", merged.GetProperty("state").GetString());
        Assert.Contains("Nothing to do: all is balanced.", await OutputOfAsync("index", "rebalance", "elastic", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains(merged.GetProperty("id").GetString()!, await OutputOfAsync("index", "operations", "elastic"), StringComparison.Ordinal);

        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "move", "elastic", "9", "--to", "127.0.0.1:1"));
        Assert.Contains("no shard 9", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_taken_listed_restored_into_other_shards_and_deleted()
    {
        using var folder = new TemporaryFolder();
        await OutputOfAsync("index", "create", "kept", "--shards", "2");
        await OutputOfAsync("ingest", "kept", folder.FileOf("cats.jsonl", "{\"id\":\"1\",\"text\":\"a cat\"}", "{\"id\":\"2\",\"text\":\"another cat\"}"));
        Assert.Matches(@"snapshot of 'monday': done, .+ in (\d) of \1 files; writes waited at most .* ms\.\n$", await OutputOfAsync("snapshot", "create", "kept", "monday"));
        Assert.Matches(@"monday +\d{4}-.* 2 ", await OutputOfAsync("snapshot", "list", "kept"));
        Assert.Contains("snapshot-", await OutputOfAsync("index", "operations", "kept"), StringComparison.Ordinal);
        Assert.Matches(@"restore of 'monday' as index 'kept-again': done, .+ files", await OutputOfAsync("snapshot", "restore", "kept", "monday", "--as", "kept-again", "--shards", "4"));
        JsonElement stats = JsonOf(await OutputOfAsync("index", "stats", "kept-again", "--json"));
        Assert.Equal((4, 2), (stats.GetProperty("shards").GetArrayLength(), stats.GetProperty("documents").GetInt32()));
        Assert.Equal("Deleted snapshot 'monday' of index 'kept'.\n", await OutputOfAsync("snapshot", "delete", "kept", "monday"));

        TestTerminal terminal = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("snapshot", "restore", "kept", "monday", "--as", "kept-third"));
        Assert.Contains("no snapshot 'monday'", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_job_is_submitted_watched_listed_resumed_and_cancelled()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.FileOf("r.json", """
            {"name": "small", "steps": 1, "data": [{"file": "not-there.jsonl"}],
             "create": {"vocabulary": 512, "hidden": 16, "layers": 1, "heads": 2, "keyValueHeads": 1, "intermediate": 24}}
            """);
        Assert.StartsWith("night: running, step 0/1", await OutputOfAsync("train", "submit", "night", recipe), StringComparison.Ordinal);

        TestTerminal watching = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await watching.RunAsync("train", "watch", "night"));
        Assert.Contains("not-there.jsonl': found no such file", watching.Output, StringComparison.Ordinal);
        Assert.Contains("night: failed", await OutputOfAsync("train", "list"), StringComparison.Ordinal);
        Assert.Equal("night", JsonOf(await OutputOfAsync("train", "resume", "night", "--json")).GetProperty("name").GetString());
        Assert.StartsWith("night: ", await OutputOfAsync("train", "cancel", "night"), StringComparison.Ordinal);

        TestTerminal unknown = platform.NewTerminal();
        Assert.Equal(ExitCodes.Failed, await unknown.RunAsync("train", "cancel", "day"));
        Assert.Contains("There is no training job 'day'.", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_nothing_but_one_object_is_on_standard_output()
    {
        using var folder = new TemporaryFolder();
        string file = folder.FileOf("a.jsonl", "{\"id\":\"1\",\"text\":\"a wing in a slipstream\"}");

        JsonElement created = JsonOf(await OutputOfAsync("index", "create", "json", "--json"));
        JsonElement ingested = JsonOf(await OutputOfAsync("ingest", "json", file, "--json"));
        JsonElement found = JsonOf(await OutputOfAsync("search", "json", "wing", "--json", "--explain"));
        JsonElement listed = JsonOf(await OutputOfAsync("index", "list", "--json"));
        JsonElement deleted = JsonOf(await OutputOfAsync("index", "delete", "json", "--yes", "--json"));

        Assert.Equal("json", created.GetProperty("name").GetString());
        Assert.Equal(1, ingested.GetProperty("created").GetInt32());
        Assert.Equal("wing", found.GetProperty("hits")[0].GetProperty("explanation")[0].GetProperty("term").GetString());
        Assert.Contains("json", listed.GetProperty("indexes").EnumerateArray().Select(index => index.GetProperty("name").GetString()));
        Assert.True(deleted.GetProperty("deleted").GetBoolean());
    }

    [Fact]
    public async Task Documents_are_ingested_found_updated_and_deleted()
    {
        using var folder = new TemporaryFolder();
        string corpus = folder.FileOf(
            "corpus.jsonl",
            "{\"_id\":\"1\",\"title\":\"Wings\",\"text\":\"a wing in a slipstream\"}",
            "{\"_id\":\"2\",\"title\":\"Heat\",\"text\":\"conduction of heat\"}");
        await OutputOfAsync("index", "create", "docs");

        Assert.Matches("^2 documents in .*: 2 created.\n$", await OutputOfAsync("ingest", "docs", corpus));
        Assert.Matches("^2 documents in .*: 2 updated.\n$", await OutputOfAsync("ingest", "docs", corpus));
        string found = await OutputOfAsync("search", "docs", "slipstream", "--explain");
        Assert.Contains("Wings", found, StringComparison.Ordinal);
        Assert.Contains("█", found, StringComparison.Ordinal);
        Assert.Contains("1 hit in ", found, StringComparison.Ordinal);

        TestTerminal terminal = platform.NewTerminal();
        terminal.Input = "{\"id\":\"1\",\"action\":\"delete\"}\n{\"id\":\"9\",\"action\":\"delete\"}\n";
        Assert.Equal(ExitCodes.Ok, await terminal.RunAsync("ingest", "docs", "-"));
        Assert.Matches(": 1 deleted, 1 not found.\n$", terminal.Output);
        Assert.Contains("0 hits", await OutputOfAsync("search", "docs", "slipstream"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_in_an_ingest_is_told_by_its_line_and_kept_in_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.FileOf(
            "mixed.jsonl",
            "{\"id\":\"1\",\"text\":\"good\"}",
            "no JSON",
            "{\"id\":\"" + new string('x', 1_025) + "\",\"text\":\"its id is too long\"}");
        string failures = Path.Combine(folder.Path, "failures.jsonl");
        await OutputOfAsync("index", "create", "mixed");
        TestTerminal terminal = platform.NewTerminal();

        Assert.Equal(ExitCodes.Partial, await terminal.RunAsync("ingest", "mixed", file, "--failures", failures));

        Assert.Contains("1 created, 2 failed.", terminal.Output, StringComparison.Ordinal);
        Assert.Contains($"{file}:2: failed: ", terminal.Error, StringComparison.Ordinal);
        Assert.Contains($"{file}:3: document 'xxx", terminal.Error, StringComparison.Ordinal);
        string[] kept = await File.ReadAllLinesAsync(failures);
        int[] lines = [.. kept.Select(line => JsonOf(line).GetProperty("line").GetInt32())];
        Assert.Equal([2, 3], lines.Order());
    }

    [Fact]
    public async Task An_ingest_into_no_index_says_how_to_create_it()
    {
        TestTerminal terminal = platform.NewTerminal();

        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("ingest", "nowhere", "-"));

        Assert.Equal("platform: There is no index 'nowhere'. Create it: platform index create nowhere\n", terminal.Error);
    }

    [Fact]
    public async Task A_wrong_key_ends_with_1()
    {
        TestTerminal terminal = platform.NewTerminal();

        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "list", "--key", "wrong"));

        Assert.StartsWith("platform: ", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_delete_an_index_a_person_is_asked_and_a_script_needs_yes()
    {
        await OutputOfAsync("index", "create", "asked");
        TestTerminal script = platform.NewTerminal();
        TestTerminal person = platform.NewTerminal();
        person.Person = new TestConsole().Interactive();
        person.Person.Input.PushTextWithEnter("n");

        Assert.Equal(ExitCodes.Usage, await script.RunAsync("index", "delete", "asked"));
        Assert.Equal(ExitCodes.Failed, await person.RunAsync("index", "delete", "asked"));

        Assert.Contains("give --yes", script.Error, StringComparison.Ordinal);
        Assert.Contains("Delete index 'asked' and all its documents?", person.Person.Output, StringComparison.Ordinal);
        Assert.Contains("asked", await OutputOfAsync("index", "list"), StringComparison.Ordinal);
    }

    private static JsonElement JsonOf(string text) => JsonDocument.Parse(text).RootElement;

    private async Task<string> OutputOfAsync(params string[] arguments)
    {
        TestTerminal terminal = platform.NewTerminal();
        int exitCode = await terminal.RunAsync(arguments);
        Assert.True(exitCode == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {exitCode}: {terminal.Error}");
        return terminal.Output;
    }
}
