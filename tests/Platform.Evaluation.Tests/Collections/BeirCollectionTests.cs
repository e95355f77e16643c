using CsCheck;
using Platform.Evaluation.Collections;
using Platform.Testing;

namespace Platform.Evaluation.Tests.Collections;

public sealed class BeirCollectionTests
{
    private const string Corpus = """
        {"_id": "d1", "title": "T\u00eet\ud83d\ude00", "text": "body", "metadata": {"url": ["x", {"y": 1}]}}
        {"text": "no title", "_id": "d2"}

        {"_id": "d3", "title": null, "text": ""}
        """;

    private const string Queries = """{"_id": "q1", "text": "one", "metadata": null}""" + "\n" + """{"_id": "q2", "text": "two"}""";

    private static readonly string[] Parts = ["{\"_id\":\"d\",", "\"text\":", "\"x\"", "}", "\n", "{", "[", "\\u12"];

    [Fact]
    public async Task Documents_stream_with_or_without_title_whatever_their_other_fields()
    {
        using TemporaryFolder folder = Make();

        CollectionDocument[] documents = await BeirCollection.Open(folder.Path).ReadDocumentsAsync().ToArrayAsync();

        Assert.Equal([new("d1", "Tît😀", "body"), new("d2", "", "no title"), new("d3", "", "")], documents);
    }

    [Fact]
    public async Task Queries_are_all_or_those_of_a_split()
    {
        using TemporaryFolder folder = Make();
        BeirCollection collection = BeirCollection.Open(folder.Path);

        Assert.Equal([new("q1", "one"), new("q2", "two")], await collection.ReadQueriesAsync().ToArrayAsync());
        Assert.Equal([new("q2", "two")], await collection.ReadQueriesAsync("test").ToArrayAsync());
        Assert.Equal(["dev", "test"], collection.Splits);
    }

    [Theory]
    [InlineData("{\"_id\": \"d\", \"text\": \"x\"}\n{\"_id\": \"d2\", \"te", 2, "broken JSON")]
    [InlineData("{\"text\": \"x\"}", 1, "no _id")]
    [InlineData("{\"_id\": \"\", \"text\": \"x\"}", 1, "no _id")]
    [InlineData("\n{\"_id\": \"d\"}", 2, "no text")]
    [InlineData("{\"_id\": 7, \"text\": \"x\"}", 1, "_id of type Number")]
    [InlineData("{\"_id\": \"d\", \"text\": [\"x\"]}", 1, "text of type StartArray")]
    [InlineData("[1]", 1, "a JSON StartArray")]
    [InlineData("{\"_id\": \"d\", \"text\": \"x\"} trailing", 1, "broken JSON")]
    [InlineData("{\"_id\": \"d\", \"text\": \"\\ud800\"}", 1, "broken JSON")]
    public async Task A_broken_document_is_named_with_its_line_and_what_was_found(string corpus, int line, string found)
    {
        using TemporaryFolder folder = Make(corpus: corpus);
        BeirCollection collection = BeirCollection.Open(folder.Path);

        CollectionFormatException exception = await Assert.ThrowsAsync<CollectionFormatException>(
            async () => await collection.ReadDocumentsAsync().CountAsync());

        Assert.Equal(line, exception.Line);
        Assert.Contains("corpus.jsonl", exception.Message, StringComparison.Ordinal);
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_id_that_occurs_twice_is_refused()
    {
        using TemporaryFolder folder = Make(queries: """{"_id": "q", "text": "a"}""" + "\n" + """{"_id": "q", "text": "b"}""");
        BeirCollection collection = BeirCollection.Open(folder.Path);

        CollectionFormatException exception = await Assert.ThrowsAsync<CollectionFormatException>(
            async () => await collection.ReadQueriesAsync().CountAsync());

        Assert.Equal(2, exception.Line);
        Assert.Contains("'q' a second time", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_split_is_refused_with_those_that_exist()
    {
        using TemporaryFolder folder = Make();

        CollectionFormatException exception = Assert.Throws<CollectionFormatException>(
            () => BeirCollection.Open(folder.Path).ReadQrels("../qrels/test"));

        Assert.Contains("dev, test", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        using TemporaryFolder folder = Make();
        File.Delete(Path.Combine(folder.Path, "queries.jsonl"));

        Assert.Contains("no such folder", Assert.Throws<CollectionFormatException>(
            () => BeirCollection.Open(Path.Combine(folder.Path, "nowhere"))).Message, StringComparison.Ordinal);
        Assert.Contains("queries.jsonl", Assert.Throws<CollectionFormatException>(
            () => BeirCollection.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_longer_than_the_buffer_and_a_byte_order_mark_are_read()
    {
        string text = new('x', 1_000_000);
        using TemporaryFolder folder = Make(corpus: $"\ufeff{{\"_id\": \"d1\", \"text\": \"{text}\"}}\r\n{{\"_id\": \"d2\", \"text\": \"{text}\"}}\r\n");

        CollectionDocument[] documents = await BeirCollection.Open(folder.Path).ReadDocumentsAsync().ToArrayAsync();

        Assert.Equal([new("d1", "", text), new("d2", "", text)], documents);
    }

    [Fact]
    public async Task A_written_collection_reads_back_the_same()
    {
        using TemporaryFolder folder = Make();
        using TemporaryFolder copy = new();
        BeirCollection collection = BeirCollection.Open(folder.Path);

        BeirCollection written = await BeirWriter.WriteAsync(collection, Path.Combine(copy.Path, "copy"));

        Assert.Equal(await collection.ReadDocumentsAsync().ToArrayAsync(), await written.ReadDocumentsAsync().ToArrayAsync());
        Assert.Equal(await collection.ReadQueriesAsync().ToArrayAsync(), await written.ReadQueriesAsync().ToArrayAsync());
        Assert.Equal(collection.ReadQrels("test").JudgementsOf("q2"), written.ReadQrels("test").JudgementsOf("q2"));
        Assert.Equal(("copy", 2), (written.Name, written.Splits.Count));
    }

    [Fact]
    public Task No_bytes_end_in_anything_but_documents_or_the_typed_fault() =>
        Gen.OneOf(Gen.String, Gen.Int[0, Parts.Length - 1].Select(i => Parts[i])).Array[0, 12]
            .SampleAsync(async parts =>
            {
                using TemporaryFolder folder = Make(corpus: string.Concat(parts));
                try
                {
                    _ = await BeirCollection.Open(folder.Path).ReadDocumentsAsync().CountAsync();
                }
                catch (CollectionFormatException exception)
                {
                    Assert.NotNull(exception.Line);
                }
            }, iter: 300);

    [TestDataTheory]
    [InlineData("adi", "test", 82, 35)]
    [InlineData("scifact", "test", 5183, 300)]
    [InlineData("nfcorpus", "dev", 3633, 324)]
    public async Task Real_collections_have_their_published_sizes(string name, string split, int documents, int queries)
    {
        BeirCollection collection = BeirCollection.Open(TestData.PathOf("collections", name));

        Assert.Equal(documents, await collection.ReadDocumentsAsync().CountAsync());
        Assert.Equal(queries, await collection.ReadQueriesAsync(split).CountAsync());
        Assert.Equal(queries, collection.ReadQrels(split).QueryIds.Count);
    }

    private static TemporaryFolder Make(string corpus = Corpus, string queries = Queries)
    {
        TemporaryFolder folder = new();
        folder.Write("corpus.jsonl", corpus);
        folder.Write("queries.jsonl", queries);
        folder.Write("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq2\td1\t1\n");
        folder.Write("qrels/dev.tsv", "query-id\tcorpus-id\tscore\nq1\td2\t1\n");
        return folder;
    }
}
