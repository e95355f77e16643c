using CsCheck;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Tests.Runs;

public sealed class TrecRunTests
{
    [Fact]
    public void A_written_run_reads_back_with_the_same_ids_scores_and_order() =>
        Gen.Select(Gen.Int[0, 30], Gen.Double, (id, score) => new RunResult($"d{id}", score)).Array[1, 40]
            .Where(results => results.All(result => !double.IsNaN(result.Score)))
            .Sample(drawn =>
            {
                RunResult[] results = [.. drawn.DistinctBy(result => result.DocumentId)];
                using TemporaryFolder folder = new();
                string path = Path.Combine(folder.Path, "run");
                TrecRun run = TrecRun.Create("tag", [KeyValuePair.Create<string, IReadOnlyList<RunResult>>("q", results)]);

                run.Write(path);
                TrecRun read = TrecRun.Read(path);

                Assert.Equal(run.ResultsOf("q"), read.ResultsOf("q"));
                Assert.Equal(("tag", (long)results.Length), (read.Tag, read.ResultCount));
                Assert.DoesNotContain('\r', File.ReadAllText(path));
            });

    [Fact]
    public void Equal_scores_are_ordered_by_document_id_descending_in_byte_order()
    {
        TrecRun run = Read("q Q0 b 1 1.0 t\nq Q0 B 2 1.0 t\nq Q0 a 3 1.0 t\nq Q0 é 4 1.0 t\nq Q0 top 5 2e0 t\n");

        Assert.Equal(["top", "é", "b", "a", "B"], run.ResultsOf("q").Select(result => result.DocumentId));
    }

    [Fact]
    public void Tabs_spaces_comments_blank_lines_words_after_the_tag_and_a_missing_last_line_end_are_read()
    {
        TrecRun run = Read("# a comment\n\n q1\tQ0  d1 \t7\t  2.5 first more words\r\nq2 Q0 d1 1 -1 t\nq1 Q0 d2 9 inf last");

        Assert.Equal([new RunResult("d2", double.PositiveInfinity), new RunResult("d1", 2.5)], run.ResultsOf("q1"));
        Assert.Equal(["q1", "q2"], run.QueryIds);
        Assert.Equal("last", run.Tag);
        Assert.Empty(run.ResultsOf("unknown"));
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("123456789012345")]
    [InlineData("-0.000000000001")]
    [InlineData("3.1415926535897931")]
    [InlineData("1e-7")]
    [InlineData("+2.5")]
    [InlineData(".5")]
    [InlineData("5.")]
    public void Scores_are_correctly_rounded_doubles(string score)
    {
        double expected = double.Parse(score, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(expected, Read($"q Q0 d 1 {score} t\n").ResultsOf("q")[0].Score);
    }

    [Fact]
    public void Short_decimals_parse_as_the_library_parses_them() =>
        Gen.Select(Gen.Long[0, 999_999_999_999_999], Gen.Int[0, 15], Gen.Bool).Sample((digits, decimals, negative) =>
        {
            string text = digits.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
            text = (negative ? "-" : "") + text[..^decimals] + "." + text[^decimals..];
            byte[] field = System.Text.Encoding.UTF8.GetBytes(text);

            Assert.True(Platform.Evaluation.Text.Fields.TryParseDouble(field, out double value));
            Assert.Equal(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), value);
        });

    [Theory]
    [InlineData("q Q0 d 1 1.0 t\nq Q0 d 1 1.0\n", 2, "5 fields")]
    [InlineData("q Q0 d 1 high t\n", 1, "'high'")]
    [InlineData("q Q0 d 1 NaN t\n", 1, "'NaN'")]
    [InlineData("q Q0 d 1 1,5 t\n", 1, "'1,5'")]
    [InlineData("q Q0 d 1 2 t\nq Q0 e 2 1 t\n\nq Q0 d 3 0 t\n", 4, "'d' a second time for query 'q'")]
    public void A_broken_line_is_named_with_its_file_number_and_value(string content, int line, string found)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("broken.run", content);

        CollectionFormatException exception = Assert.Throws<CollectionFormatException>(() => TrecRun.Read(path));

        Assert.Equal((path, line), (exception.Path, exception.Line));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no such file", Assert.Throws<CollectionFormatException>(() => TrecRun.Read("nowhere.run")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("two words", "d", 1.0)]
    [InlineData("q", "two words", 1.0)]
    [InlineData("q", "", 1.0)]
    [InlineData("q", "d", double.NaN)]
    public void What_a_run_file_cannot_hold_is_refused_when_written(string queryId, string documentId, double score)
    {
        using TemporaryFolder folder = new();
        using TrecRunWriter writer = new(Path.Combine(folder.Path, "run"), "tag");

        Assert.Throws<ArgumentException>(() => writer.Write(queryId, [new(documentId, score)]));
    }

    [Fact]
    public void A_document_twice_in_a_query_is_refused_in_memory_too() =>
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => TrecRun.Create("t",
            [KeyValuePair.Create<string, IReadOnlyList<RunResult>>("q", [new("d", 1), new("d", 2)])])).Message, StringComparison.Ordinal);

    private static TrecRun Read(string content)
    {
        using TemporaryFolder folder = new();
        return TrecRun.Read(folder.Write("run", content));
    }
}
