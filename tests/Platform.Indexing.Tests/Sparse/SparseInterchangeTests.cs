using System.Runtime.InteropServices;
using System.Text;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed class SparseInterchangeTests
{
    private static readonly TermVocabulary Vocabulary = TermVocabulary.Of([.. Enumerable.Range(0, 400).Select(id => $"n\"{id}")]);

    [Fact]
    public void A_written_ciff_index_reads_back_as_it_was()
    {
        var corpus = Corpus.Generated(500, 200, 21);
        using var stream = new MemoryStream(Ciff(corpus));

        InterchangeDocument[] read = [.. CiffFile.Read(stream, "a.ciff", Vocabulary, CancellationToken.None)];

        Assert.Equal(stream.Length, stream.Position);
        Assert.Equal(Enumerable.Range(0, 500).Select(KeyOf), read.Select(document => document.Key));
        Assert.All(corpus.Documents.Zip(read), pair => AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public void A_cut_off_ciff_index_is_refused_with_its_name_and_the_byte()
    {
        byte[] whole = Ciff(Corpus.Generated(50, 100, 21));
        for (int length = 0; length < whole.Length; length += 97)
        {
            using var part = new MemoryStream(whole[..length]);
            var fault = Assert.Throws<InterchangeFormatException>(() => CiffFile.Read(part, "a.ciff", Vocabulary, CancellationToken.None).ToList());
            Assert.StartsWith("'a.ciff', byte ", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Flipped_bits_of_a_ciff_index_end_in_documents_or_in_its_exception()
    {
        byte[] whole = Ciff(Corpus.Generated(20, 50, 21));
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            byte[] flipped = [.. whole];
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.NotNull(CiffFile.Read(new MemoryStream(flipped), "a.ciff", Vocabulary, CancellationToken.None).ToList());
            }
            catch (InterchangeFormatException fault)
            {
                Assert.StartsWith("byte ", fault.Place, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_written_json_vector_reads_back_as_it_was()
    {
        var document = new InterchangeDocument("a\"b", "Größe", [0, 7, 399], [0.5f, 1e-7f, 3.1f]);

        byte[] line = JsonVectorLine.Write(document, Vocabulary);

        Assert.Equal((byte)'\n', line[^1]);
        InterchangeDocument read = JsonVectorLine.Parse(line, Vocabulary);
        Assert.Equal((document.Key, document.Text), (read.Key, read.Text));
        Assert.Equal(document.TermIds, read.TermIds);
        Assert.Equal(document.Weights, read.Weights);
    }

    [Theory]
    [InlineData("{\"id\":\"1\"}", "found no object with 'id' and 'vector'")]
    [InlineData("[1]", "found no object with 'id' and 'vector'")]
    [InlineData("{\"id\":\"1\",\"vector\":{\"wing\":1}}", "Term 'wing' is no term id")]
    [InlineData("{\"id\":\"1\",\"vector\":{\"-1\":1}}", "Term '-1' is no term id")]
    [InlineData("{\"id\":\"1\",\"vector\":{\"1\":1e99}}", "weights are finite")]
    [InlineData("{\"id\":\"1\",\"vector\":{\"1\":1,\"01\":2}}", "term '01' stands twice")]
    [InlineData("{\"id\":\"1\",\"vector\":{\"1\":\"x\"}}", "write {")]
    [InlineData("{\"id\":\"1\",", "write {")]
    public void A_bad_json_vector_is_refused_with_what_is_wrong(string line, string detail)
    {
        var fault = Assert.Throws<FormatException>(() => JsonVectorLine.Parse(Encoding.UTF8.GetBytes(line), TermVocabulary.Digits));
        Assert.Contains(detail, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_refuses_what_it_does_not_have()
    {
        Assert.Equal("n\"7", Vocabulary.TextOf(7));
        Assert.Contains("not among the 400", Assert.Throws<FormatException>(() => Vocabulary.IdOf("7")).Message, StringComparison.Ordinal);
        Assert.Contains("term 400 is beyond it", Assert.Throws<FormatException>(() => Vocabulary.TextOf(400)).Message, StringComparison.Ordinal);
        Assert.Contains("'a' as term 0 and as term 2", Assert.Throws<FormatException>(() => TermVocabulary.Of(["a", "b", "a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_csr_file_reads_row_by_row_and_a_damaged_one_is_refused_with_the_row()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            byte[] bytes =
            [
                .. MemoryMarshal.AsBytes<long>([3, 100, 4, 0, 2, 2, 4]),
                .. MemoryMarshal.AsBytes<int>([9, 5, 1, 99]),
                .. MemoryMarshal.AsBytes<float>([0.5f, 1f, 2f, 3f]),
            ];
            File.WriteAllBytes(path, bytes);
            Assert.Equal(
                ["0: 5 9, 1 0.5", "1: , ", "2: 1 99, 2 3"],
                CsrFile.Read(path).Select(row => FormattableString.Invariant($"{row.Key}: {string.Join(' ', row.TermIds)}, {string.Join(' ', row.Weights)}")));
            File.WriteAllBytes(path, bytes[..^4]);
            Assert.Equal("byte 0", Assert.Throws<InterchangeFormatException>(() => CsrFile.Read(path).ToList()).Place);
            bytes[^16] = 99;                                 // column 1 of row 2 becomes 99, which stands there already
            File.WriteAllBytes(path, bytes);
            Assert.Equal("row 2", Assert.Throws<InterchangeFormatException>(() => CsrFile.Read(path).ToList()).Place);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string KeyOf(int number) => $"key {number}";

    private static byte[] Ciff(Corpus corpus)
    {
        var writer = new CiffWriter();
        for (int i = 0; i < corpus.Documents.Length; i++)
        {
            writer.Add(KeyOf(i), corpus.Documents[i].Terms, corpus.Documents[i].Impacts);
        }

        using var stream = new MemoryStream();
        writer.Write(stream, Vocabulary, CancellationToken.None);
        return stream.ToArray();
    }

    private static void AssertSame((int[] Terms, byte[] Impacts) expected, InterchangeDocument actual)
    {
        (int Term, float Weight)[] sorted = [.. expected.Terms.Zip(expected.Impacts, (term, impact) => (term, (float)impact)).Order()];
        Assert.Equal(sorted, actual.TermIds.Zip(actual.Weights));
    }
}
