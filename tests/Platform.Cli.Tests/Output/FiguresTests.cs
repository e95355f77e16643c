using Platform.Cli.Output;
using Platform.Cli.Tests.Fakes;
using Spectre.Console.Testing;

namespace Platform.Cli.Tests.Output;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 documents")]
    [InlineData(1, "1 document")]
    [InlineData(12_345, "12,345 documents")]
    public void A_count_agrees_with_its_noun(long value, string text) => Assert.Equal(text, Figures.Count(value, "document"));

    [Fact]
    public void Queries_are_many_of_a_query() => Assert.Equal("2 queries", Figures.Count(2, "query"));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1_536, "1.5 KB")]
    [InlineData(5L << 30, "5 GB")]
    public void Bytes_have_their_unit(long value, string text) => Assert.Equal(text, Figures.Bytes(value));

    [Theory]
    [InlineData(0.44, "0.4 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7_500, "2 h 5 min")]
    public void A_duration_has_two_figures_at_most(double seconds, string text) =>
        Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_meter_tells_the_rate_and_the_time_left()
    {
        var time = new StepTime();
        var meter = new WorkMeter("document", time);

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("25,000 documents, 2,500/s, 3 failed, 30 s left", meter.Describe(new WorkDone(25_000, 3, 0.25)));
        Assert.Equal("5 documents, 0.5/s", meter.Describe(new WorkDone(5, 0, Fraction: null)));
    }

    [Fact]
    public async Task In_a_pipe_progress_is_a_line_every_five_seconds_on_standard_error()
    {
        var time = new StepTime();
        var terminal = new TestTerminal { Time = time };

        await WorkProgress.RunAsync(terminal.Terminal, "Ingesting articles", "document", forPrograms: false, shown =>
        {
            for (int second = 1; second <= 12; second++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                shown.Report(new WorkDone(second * 100, 0, second / 12.0));
            }

            return Task.FromResult(true);
        });

        Assert.Equal(
            "Ingesting articles: 500 documents, 100/s, 7 s left\nIngesting articles: 1,000 documents, 100/s, 2 s left\n",
            terminal.Error);
        Assert.Empty(terminal.Output);
    }

    [Fact]
    public async Task A_program_gets_no_progress()
    {
        var time = new StepTime();
        var terminal = new TestTerminal { Time = time };

        await WorkProgress.RunAsync(terminal.Terminal, "Ingesting", "document", forPrograms: true, shown =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            shown.Report(new WorkDone(1, 0, 0.5));
            return Task.FromResult(true);
        });

        Assert.Empty(terminal.Error);
    }

    [Fact]
    public async Task On_a_terminal_progress_is_a_bar()
    {
        var person = new TestConsole().Interactive().Width(120);
        var terminal = new TestTerminal { Person = person };

        await WorkProgress.RunAsync(terminal.Terminal, "Ingesting articles", "document", forPrograms: false, shown =>
        {
            shown.Report(new WorkDone(500, 0, 0.5));
            return Task.FromResult(true);
        });

        Assert.Contains("Ingesting articles", person.Output, StringComparison.Ordinal);
        Assert.Contains("500 documents", person.Output, StringComparison.Ordinal);
    }
}
