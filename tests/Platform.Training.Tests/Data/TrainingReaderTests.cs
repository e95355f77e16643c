using CsCheck;
using Platform.Testing;
using Platform.Training.Data;

namespace Platform.Training.Tests.Data;

public sealed class TrainingReaderTests
{
    private static readonly string[] Parts =
        ["{\"query\":\"q\",", "\"positive\":", "\"x\"", "}", "\n", "{", "[", "\"pos\":[\"x\"]", ",\"pos_scores\":[1]", "\\u12"];

    [Fact]
    public async Task The_reference_layout_names_passages_by_id()
    {
        TrainingExample[] examples = await ReadAsync(
            """{"question": "q", "pos_pid": 7, "neg_pids": ["8", 9], "pos_score": 4.5, "neg_scores": [-1, 2e0], "extra": {}}""");

        TrainingExample example = Assert.Single(examples);
        Assert.Equal("q", example.Query);
        Assert.Equal([new("7", "", null, 4.5f)], example.Positives);
        Assert.Equal([new("8", "", null, -1f), new("9", "", null, 2f)], example.Negatives);
        Assert.True(example.HasTeacherScores);
    }

    [Fact]
    public async Task The_reference_layout_does_without_scores()
    {
        TrainingExample example = Assert.Single(await ReadAsync("""{"question": "q", "pos_pid": "a", "neg_pids": []}"""));

        Assert.False(example.HasTeacherScores);
        Assert.Empty(example.Negatives);
    }

    [Fact]
    public async Task Tevatrons_layout_carries_ids_titles_and_texts()
    {
        TrainingExample example = Assert.Single(await ReadAsync(
            """
            {"query_id": "1", "query": "q", "positive_passages": [{"docid": "a", "title": "T", "text": "x"}, {"docid": "b", "text": "y"}], "negative_passages": [{"docid": 3, "title": null, "text": "z"}]}
            """));

        Assert.Equal(("1", "q"), (example.QueryId, example.Query));
        Assert.Equal([new("a", "T", "x", null), new("b", "", "y", null)], example.Positives);
        Assert.Equal([new("3", "", "z", null)], example.Negatives);
    }

    [Fact]
    public async Task FlagEmbeddings_layout_carries_texts_with_scores()
    {
        TrainingExample example = Assert.Single(await ReadAsync(
            """{"query": "q", "pos": ["x"], "neg": ["y", "z"], "pos_scores": [0.9], "neg_scores": [0.5, 0.1], "prompt": ""}"""));

        Assert.Equal([new(null, "", "x", .9f)], example.Positives);
        Assert.Equal([new(null, "", "y", .5f), new(null, "", "z", .1f)], example.Negatives);
    }

    [Fact]
    public async Task Pairs_have_no_negatives()
    {
        TrainingExample[] examples = await ReadAsync(
            "\ufeff{\"query\": \"q\", \"positive\": \"x\", \"id\": \"0ad\"}\r\n\n{\"query\": \"r\", \"positive\": \"y\"}");

        Assert.Equal(["q", "r"], examples.Select(example => example.Query));
        Assert.Equal("0ad", examples[0].QueryId);
        Assert.All(examples, example => Assert.Empty(example.Negatives));
    }

    [Theory]
    [InlineData("{\"query\": \"q\", \"positive\": \"x\"}\n{\"query\": \"q\"}", 2, "no positive")]
    [InlineData("{\"question\": \"q\", \"neg_pids\": []}", 1, "no pos_pid")]
    [InlineData("{\"question\": \"q\", \"pos_pid\": null, \"neg_pids\": []}", 1, "no pos_pid")]
    [InlineData("{\"question\": \"q\", \"pos_pid\": 1, \"neg_pids\": [2, 3], \"pos_score\": 1, \"neg_scores\": [1]}", 1, "1 scores for 2 passages")]
    [InlineData("{\"question\": \"q\", \"pos_pid\": 1, \"neg_pids\": [2], \"pos_score\": 1}", 1, "no neg_scores")]
    [InlineData("{\"question\": \"q\", \"pos_pid\": 1, \"neg_pids\": [2], \"neg_scores\": [1]}", 1, "no pos_score")]
    [InlineData("{\"query\": \"q\", \"pos\": [\"x\"], \"neg\": [\"y\"], \"pos_scores\": [1]}", 1, "no neg_scores")]
    [InlineData("{\"query\": \"q\", \"pos\": [\"x\"], \"neg\": [\"y\"], \"neg_scores\": [1]}", 1, "no pos_scores")]
    [InlineData("{\"query\": \"q\", \"pos\": [\"x\"], \"pos_scores\": [1, 2]}", 1, "2 scores for 1 passages")]
    [InlineData("{\"query\": \"q\", \"pos\": [\"x\"], \"pos_scores\": [\"1\"]}", 1, "\"1\" in pos_scores")]
    [InlineData("{\"query\": \"q\", \"pos\": [\"x\"], \"pos_scores\": [1e60]}", 1, "1e60 in pos_scores")]
    [InlineData("{\"query\": \"q\", \"pos\": []}", 1, "pos with 0 passages")]
    [InlineData("{\"query\": \"q\", \"pos\": \"x\"}", 1, "\"x\" in pos")]
    [InlineData("{\"query\": \" \", \"positive\": \"x\"}", 1, "a blank text in query")]
    [InlineData("{\"query\": \"q\", \"positive\": \"\"}", 1, "a blank text in positive")]
    [InlineData("{\"query\": \"q\", \"positive\": \"\\ud800\"}", 1, "\\ud800")]
    [InlineData("{\"query\": \"q\", \"positive_passages\": [{\"docid\": \"a\"}], \"negative_passages\": []}", 1, "no text")]
    [InlineData("{\"query\": \"q\", \"positive_passages\": [\"a\"], \"negative_passages\": []}", 1, "\"a\" in positive_passages")]
    [InlineData("\n{\"query\": \"q\", \"posi", 2, "broken JSON")]
    [InlineData("[]", 1, "a JSON Array")]
    [InlineData("{\"a\": 1, \"b\": 2}", 1, "the fields a, b")]
    public async Task A_broken_line_is_named_with_its_number_and_what_was_found(string content, int line, string found)
    {
        TrainingFormatException exception = await Assert.ThrowsAsync<TrainingFormatException>(() => ReadAsync(content));

        Assert.Equal(line, exception.Line);
        Assert.Contains(exception.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named() =>
        Assert.Contains("nowhere.jsonl", (await Assert.ThrowsAsync<TrainingFormatException>(
            async () => await TrainingReader.ReadAsync("nowhere.jsonl").CountAsync())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Lines_longer_than_the_buffer_are_read_and_lines_above_the_limit_refused()
    {
        string text = new('x', 3_000_000);

        TrainingExample[] examples = await ReadAsync(string.Concat(Enumerable.Repeat($"{{\"query\":\"q\",\"positive\":\"{text}\"}}\n", 3)));
        TrainingFormatException exception = await Assert.ThrowsAsync<TrainingFormatException>(
            () => ReadAsync("\n" + new string(' ', TrainingLines.MaxLineBytes + 1)));

        Assert.Equal([text, text, text], examples.Select(example => example.Positives[0].Text));
        Assert.Equal(2, exception.Line);
    }

    [Fact]
    public Task No_bytes_end_in_anything_but_examples_or_the_typed_fault() =>
        Gen.OneOf(Gen.String, Gen.Int[0, Parts.Length - 1].Select(i => Parts[i])).Array[0, 12].SampleAsync(async parts =>
        {
            try
            {
                Assert.All(await ReadAsync(string.Concat(parts)), example => Assert.NotEmpty(example.Positives));
            }
            catch (TrainingFormatException exception)
            {
                Assert.NotNull(exception.Line);
            }
        }, iter: 300);

    [TestDataTheory]
    [InlineData("acl_title_abstract", 23_236)]
    [InlineData("debian", 48_311)]
    [InlineData("foldoc", 14_572)]
    [InlineData("wordnet_gloss", 117_646)]
    public async Task Real_files_of_pairs_have_their_published_sizes(string name, int count) =>
        Assert.Equal(count, await TrainingReader.ReadAsync(TestData.PathOf("pairs", name + ".jsonl"), TrainingFormat.Pairs).CountAsync());

    private static async Task<TrainingExample[]> ReadAsync(string content)
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, content);
            return await TrainingReader.ReadAsync(path).ToArrayAsync();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
