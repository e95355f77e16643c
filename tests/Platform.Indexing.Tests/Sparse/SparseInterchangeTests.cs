using System.Globalization;
using System.Runtime.InteropServices;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed class SparseInterchangeTests
{
    private static readonly int[] QueryTerms = [1, 2, 3, 150];
    private static readonly int[] QueryImpacts = [4, 5, 6, 7];

    [Fact]
    public void An_exported_ciff_index_imports_to_the_same_answers()
    {
        var corpus = Corpus.Generated(500, 200, 21);
        using var segment = SparseSegment.Open(corpus.Seal(), "ciff");
        using var stream = new MemoryStream();
        CiffFile.Write(segment, Name, Name, stream, CancellationToken.None);
        stream.Position = 0;
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Reorder = false });
        string[] keys = CiffFile.Read(stream, Number, builder, CancellationToken.None);
        Assert.Equal(stream.Length, stream.Position);
        Assert.Equal(Enumerable.Range(0, 500).Select(Name), keys);
        AssertSameAnswers(corpus, builder);
    }

    [Fact]
    public void A_cut_off_ciff_index_is_refused()
    {
        using var segment = SparseSegment.Open(Corpus.Generated(50, 100, 21).Seal(), "ciff");
        using var stream = new MemoryStream();
        CiffFile.Write(segment, Name, Name, stream, CancellationToken.None);
        for (int length = 0; length < stream.Length; length += 97)
        {
            using var part = new MemoryStream(stream.ToArray()[..length]);
            using var builder = new SparseSegmentBuilder(new SparseBuildOptions());
            Assert.ThrowsAny<InvalidDataException>(() => CiffFile.Read(part, Number, builder, CancellationToken.None));
        }
    }

    [Fact]
    public void Exported_json_vectors_import_to_the_same_answers()
    {
        var corpus = Corpus.Generated(300, 200, 22);
        using var segment = SparseSegment.Open(corpus.Seal(), "json");
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        JsonVectorFile.Write(segment, Name, Name, writer, CancellationToken.None);
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Reorder = false, Scale = 1 });
        List<string> keys = [];
        int read = JsonVectorFile.Read(
            new StringReader(writer.ToString()),
            Number,
            (key, terms, weights) =>
            {
                keys.Add(key);
                builder.Add(terms, weights);
            },
            CancellationToken.None);
        Assert.Equal(300, read);
        Assert.Equal(Name(299), keys[299]);
        AssertSameAnswers(corpus, builder);
    }

    [Fact]
    public void A_json_line_without_a_vector_is_refused_by_number()
    {
        var fault = Assert.Throws<InvalidDataException>(() => JsonVectorFile.Read(
            new StringReader("\n{\"id\":\"1\"}"), Number, (_, _, _) => { }, CancellationToken.None));
        Assert.StartsWith("Line 2 ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_csr_file_reads_row_by_row_and_a_cut_one_is_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            byte[] bytes =
            [
                .. MemoryMarshal.AsBytes<long>([3, 100, 4, 0, 2, 2, 4]),
                .. MemoryMarshal.AsBytes<int>([5, 9, 1, 99]),
                .. MemoryMarshal.AsBytes<float>([0.5f, 1f, 2f, 3f]),
            ];
            File.WriteAllBytes(path, bytes);
            List<string> rows = [];
            CsrFile.Read(path, (row, terms, weights) => rows.Add($"{row}: {string.Join(' ', terms.ToArray())}, {weights.Length}"), CancellationToken.None);
            Assert.Equal(["0: 5 9, 2", "1: , 0", "2: 1 99, 2"], rows);
            File.WriteAllBytes(path, bytes[..^4]);
            Assert.Throws<InvalidDataException>(() => CsrFile.Read(path, (_, _, _) => { }, CancellationToken.None));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"n\"{number}");

    private static int Number(string name) => int.Parse(name.AsSpan(2), CultureInfo.InvariantCulture);

    private static void AssertSameAnswers(Corpus corpus, SparseSegmentBuilder builder)
    {
        using var stream = new MemoryStream();
        builder.Build(stream, [], CancellationToken.None);
        using var segment = SparseSegment.Open(stream.ToArray(), "imported");
        Assert.Equal(
            corpus.Oracle(QueryTerms, QueryImpacts, 50),
            new SparseSearcher().Search(segment, QueryTerms, QueryImpacts, new SparseSearchOptions(50)).Hits);
    }
}
