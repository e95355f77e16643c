using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;

namespace Platform.Cli.Tests.Commands;

public sealed class BenchSparseTests
{
    private static readonly string[] Small = ["bench", "sparse", "--documents", "500", "--vocabulary", "1000", "--queries", "5", "--threads", "1"];

    [Fact]
    public async Task The_benchmark_prints_one_object_for_a_program_and_nothing_else()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync([.. Small, "--seed", "7", "--json"]);

        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        JsonElement report = JsonDocument.Parse(terminal.Output).RootElement;
        Assert.Equal(500, report.GetProperty("documents").GetInt32());
        Assert.Equal(7, report.GetProperty("seed").GetInt32());
        Assert.Equal(0, report.GetProperty("mismatches").GetInt32());
        Assert.Equal(5 * 3 * 2, report.GetProperty("checked").GetInt32());
        Assert.True(report.GetProperty("bytes_per_posting").GetDouble() > 0);
        Assert.True(report.GetProperty("speedup_vs_exhaustive_k10").GetDouble() > 0);
        Assert.Empty(terminal.Error);
    }

    [Fact]
    public async Task The_benchmark_prints_its_figures_as_a_table_and_its_steps_beside_it()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync(Small);

        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        string[] told = ["500 documents", "Bytes a posting", "Planned against it", "Exhaustive", "0 of 30 answers"];
        Assert.All(told, words => Assert.Contains(words, terminal.Output, StringComparison.Ordinal));
        string[] steps = ["Making documents", "Reordering and writing the segment", "Timing queries at k 1000"];
        Assert.All(steps, step => Assert.Contains(step, terminal.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_out_of_range_is_told_at_once_before_anything_is_made()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("bench", "sparse", "--documents", "0", "--vocabulary", "3", "--queries", "-1");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("Documents is 0; it must be 1 to 20,000,000.", terminal.Error, StringComparison.Ordinal);
        Assert.Contains("Vocabulary is 3", terminal.Error, StringComparison.Ordinal);
        Assert.Contains("Queries is -1", terminal.Error, StringComparison.Ordinal);
        Assert.Empty(terminal.Output);
    }

    [Fact]
    public async Task A_kept_segment_is_not_built_again_and_only_serves_its_own_collection()
    {
        string folder = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            string file = Path.Combine(folder, "kept");
            var first = new TestTerminal();
            Assert.Equal(ExitCodes.Ok, await first.RunAsync([.. Small, "--segment", file]));
            var second = new TestTerminal();
            Assert.Equal(ExitCodes.Ok, await second.RunAsync([.. Small, "--segment", file, "--checked", "0"]));
            Assert.DoesNotContain("Making documents", second.Error, StringComparison.Ordinal);
            var other = new TestTerminal();
            Assert.Equal(ExitCodes.Usage, await other.RunAsync([.. Small, "--segment", file, "--seed", "8"]));
            Assert.Contains("Name another file", other.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Ctrl_C_ends_the_benchmark_with_130()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Cancelled, await terminal.RunAsync(cancelled.Token, Small));
    }
}
