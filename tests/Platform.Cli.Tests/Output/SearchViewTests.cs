using Platform.Cli.Output;
using Platform.Cli.Tests.Fakes;
using Platform.Client.Contracts;
using Spectre.Console;

namespace Platform.Cli.Tests.Output;

public sealed class SearchViewTests
{
    private static readonly Coverage Whole = new() { Asked = 1, Answered = 1 };

    [Fact]
    public void Hits_are_numbered_from_the_offset_with_score_title_and_id()
    {
        var terminal = new TestTerminal();
        var answer = new SearchResponse
        {
            Hits =
            [
                new SearchHit { Id = "d1", Score = 12.34567, Document = new StoredFields { Title = "On [wings]", Text = "A wing." } },
                new SearchHit { Id = "d2", Score = 1 },
            ],
            Coverage = Whole,
            TookMilliseconds = 1.26,
        };

        SearchView.Write(terminal.Terminal, "wings", answer, firstRank: 11);

        string[] lines = [.. terminal.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.Equal("11   12.3457   On [wings]", lines[2]);
        Assert.Equal(["d1", "A wing.", "12    1.0000   d2", "2 hits in 1.3 ms."], lines[3..]);
    }

    [Fact]
    public void An_explanation_is_a_bar_a_term_as_long_as_its_contribution()
    {
        var terminal = new TestTerminal();
        var answer = new SearchResponse
        {
            Hits =
            [
                new SearchHit
                {
                    Id = "d1",
                    Score = 3,
                    Explanation = [new TermContribution("slipstream", 2, 1, 2), new TermContribution("wing", 1, 1, 1)],
                },
            ],
            Coverage = Whole,
            TookMilliseconds = 0,
        };

        SearchView.Write(terminal.Terminal, "wings", answer, firstRank: 1);

        Assert.Contains(
            $"slipstream {new string('█', 24)} 2.0000 = 2.000 in the query × 1.000 in the document",
            Squeeze(terminal.Output),
            StringComparison.Ordinal);
        Assert.Contains($"wing {new string('█', 12)} 1.0000", Squeeze(terminal.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void An_approximate_answer_says_what_it_was_run_with_and_an_explained_one_what_it_touched()
    {
        var execution = new SearchExecution { Exact = false, Pruning = new PruningSpec { BlockFactor = 0.8 }, Algorithms = ["BlockMaxPruning", "Exhaustive"] };
        var work = new SearchWork { Segments = 3, Superblocks = 1, Blocks = 20, Documents = 1280, Postings = 500, AllPostings = 9000 };

        Assert.Contains(
            "Approximate (superblock factor 1, block factor 0.8, query-term share 1) by BlockMaxPruning, Exhaustive.", Shown(execution), StringComparison.Ordinal);
        Assert.Contains(
            "Exact by Exhaustive: 1 superblock, 20 blocks and 1,280 documents visited, 500 of 9,000 postings added, in 3 segments.",
            Shown(execution with { Exact = true, Algorithms = ["Exhaustive"], Work = work }),
            StringComparison.Ordinal);
        Assert.EndsWith("0 hits in 0.0 ms. ", Shown(execution with { Exact = true }) + " ", StringComparison.Ordinal);

        static string Shown(SearchExecution execution)
        {
            var terminal = new TestTerminal();
            SearchView.Write(terminal.Terminal, "wings", new SearchResponse { Hits = [], Coverage = Whole, Execution = execution, TookMilliseconds = 0 }, firstRank: 1);
            return Squeeze(terminal.Output);
        }
    }

    [Fact]
    public void A_snippet_is_the_part_with_the_most_words_of_the_query()
    {
        string filler = string.Concat(Enumerable.Repeat("nothing of interest stands here ", 20));
        string text = filler + "the wing in a slipstream of a propeller " + filler;

        string snippet = Snippet.Of(text, "wings slipstream", maxLength: 60);

        Assert.Contains("[bold]wing[/] in a [bold]slipstream[/]", snippet, StringComparison.Ordinal);
        Assert.StartsWith("…", snippet, StringComparison.Ordinal);
        Assert.EndsWith("…", snippet, StringComparison.Ordinal);
        Assert.InRange(Markup.Remove(snippet).Length, 20, 62);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a [b] c", "a [[b]] c")]
    [InlineData("one\ntwo", "one two")]
    public void A_short_text_is_its_own_snippet(string text, string markup) =>
        Assert.Equal(markup, Snippet.Of(text, "query", maxLength: 60));

    private static string Squeeze(string text) =>
        string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
