using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Platform.Evaluation.Reports;

namespace Platform.Cli.Tests.Commands;

public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reports_are_compared_with_the_first_query_by_query()
    {
        string words = Write("words", 0.2, 0.4, 0.6);
        string model = Write("model", 0.4, 0.4, 0.9);
        var json = new TestTerminal();
        var table = new TestTerminal();

        Assert.Equal(ExitCodes.Ok, await json.RunAsync("compare", words, model, "--json"));
        Assert.Equal(ExitCodes.Ok, await table.RunAsync("compare", words, Path.Combine(model, "report.json")));

        JsonElement found = JsonDocument.Parse(json.Output).RootElement.GetProperty("reports")[1];
        Assert.Equal("model", found.GetProperty("name").GetString());
        Assert.Equal(0.5 / 3, found.GetProperty("difference").GetDouble(), 9);
        Assert.Equal((2, 0), (found.GetProperty("wins").GetInt32(), found.GetProperty("losses").GetInt32()));
        Assert.InRange(found.GetProperty("pValue").GetDouble(), 0.45, 0.55);       // 2 of the 4 ways to set two signs
        Assert.All((string[])["words", "model", "nDCG@10 over words", "+0.1667", "2, 0"], told => Assert.Contains(told, table.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_report_or_of_other_queries_is_named()
    {
        string words = Write("words", 0.2, 0.4, 0.6);

        Assert.Contains("there is no file", await FailureOf(words, _folder.Path), StringComparison.Ordinal);
        Assert.Contains("not the same ones", await FailureOf(words, Write("fewer", 0.2)), StringComparison.Ordinal);
        Assert.Contains("has no 'P@99'; it has nDCG@10", await FailureOf(words, words, "--metric", "P@99"), StringComparison.Ordinal);
    }

    private static async Task<string> FailureOf(params string[] arguments)
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync(["compare", .. arguments]));
        return terminal.Error;
    }

    private string Write(string name, params double[] values)
    {
        string folder = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(folder);
        var report = new EvaluationReport(
            "c", "test", name, new EvaluationCounts(3, values.Length, 0, 0), new OrderedDictionary<string, double> { ["nDCG@10"] = values.Average() }, [], null,
            [.. values.Select((value, i) => new QueryReport($"q{i}", new OrderedDictionary<string, double> { ["nDCG@10"] = value }))]);
        File.WriteAllText(Path.Combine(folder, "report.json"), report.ToJson());
        return folder;
    }
}
