using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Tests.Runs;

public sealed class QrelsTests
{
    [Theory]
    [InlineData("q1 0 d1 2\nq1\t0\td2\t0\nq2 Q0 d1 -1\n")]
    [InlineData("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\r\n\nq2\td1\t-1")]
    [InlineData("q1\td1\t2\nq1\td2\t0\nq2\td1\t-1\n")]
    public void The_layouts_of_TREC_and_BEIR_are_told_apart(string content)
    {
        Qrels qrels = Read(content);

        Assert.Equal(["q1", "q2"], qrels.QueryIds);
        Assert.Equal([new Judgement("d1", 2), new Judgement("d2", 0)], qrels.JudgementsOf("q1"));
        Assert.Equal([new Judgement("d1", -1)], qrels.JudgementsOf("q2"));
        Assert.Equal(3, qrels.JudgementCount);
        Assert.Empty(qrels.JudgementsOf("q3"));
    }

    [Fact]
    public void Written_qrels_read_back_in_both_layouts()
    {
        Qrels qrels = Qrels.Create([("q2", "d1", 3), ("q1", "d1", 0), ("q2", "d0", 1)]);
        using TemporaryFolder folder = new();
        string trec = Path.Combine(folder.Path, "trec");
        string beir = Path.Combine(folder.Path, "beir");

        qrels.WriteTrec(trec);
        qrels.WriteBeir(beir);

        Assert.Equal("q2 0 d1 3\nq2 0 d0 1\nq1 0 d1 0\n", File.ReadAllText(trec));
        Assert.Equal("query-id\tcorpus-id\tscore\nq2\td1\t3\nq2\td0\t1\nq1\td1\t0\n", File.ReadAllText(beir));
        Assert.Equal(qrels.JudgementsOf("q2"), Qrels.Read(trec).JudgementsOf("q2"));
        Assert.Equal(qrels.JudgementsOf("q2"), Qrels.Read(beir).JudgementsOf("q2"));
    }

    [Theory]
    [InlineData("query-id\tcorpus-id\tscore\nq1\td1\n", 2, "2 fields")]
    [InlineData("q1 0 d1 1\nq1 d2 1\n", 2, "3 fields")]
    [InlineData("query-id\tcorpus-id\tscore\nq1\td1\t1.5\n", 2, "'1.5'")]
    [InlineData("q1 0 d1 yes\n", 1, "'yes'")]
    [InlineData("q1 0 d1 99999\n", 1, "'99999'")]
    [InlineData("q1 0 d1 1\nq1 0 d1 2\n", 2, "an earlier line grades 1")]
    public void A_broken_line_is_named_with_its_number_and_value(string content, int line, string found)
    {
        CollectionFormatException exception = Assert.Throws<CollectionFormatException>(() => Read(content));

        Assert.Equal(line, exception.Line);
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_judgement_twice_is_one() => Assert.Equal(1, Read("q 0 d 1\nq 0 d 1\n").JudgementCount);

    private static Qrels Read(string content)
    {
        using TemporaryFolder folder = new();
        return Qrels.Read(folder.Write("qrels", content));
    }
}
