using System.CommandLine;
using System.Text.Json;
using Platform.Cli.Output;
using Platform.Evaluation.Reports;

namespace Platform.Cli.Commands.Evaluating;

/// <summary><c>platform compare REPORT REPORT...</c></summary>
internal sealed class CompareCommand : CliCommand
{
    private const int MaxReports = 10;

    private readonly Terminal _terminal;
    private readonly Argument<string[]> _reports = new("REPORT")
    {
        Description = $"Folders or report.json files that 'platform eval' wrote, 2 to {MaxReports}; the first is the baseline.",
        Arity = new ArgumentArity(2, MaxReports),
    };

    private readonly Option<string> _metric = new("--metric")
    {
        HelpName = "NAME",
        Description = "The metric that is tested, by the name it has in the reports.",
        DefaultValueFactory = _ => "nDCG@10",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the comparison as one JSON object." };

    public CompareCommand(Terminal terminal)
        : base("compare", "tell whether evaluations differ by more than chance")
    {
        _terminal = terminal;
        Details =
        [
            "Compares each report with the first, query by query: mean difference, queries won and lost, and the p-value of Fisher's two-sided "
            + "randomisation test, corrected by Holm and Bonferroni for the number of comparisons. The reports must be of the same queries.",
        ];
        Examples =
        [
            new("platform compare runs/lexical runs/sparse runs/hybrid", "Compare two ways to search with a baseline"),
            new("platform compare runs/a runs/b --metric Recall@100 --json", "One metric, for another program"),
        ];
        Add(_reports);
        Add(_metric);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        string[] paths = arguments.GetRequiredValue(_reports);
        string metric = arguments.GetRequiredValue(_metric);
        NamedReport[] reports = [.. paths.Select(path => new NamedReport(NameOf(path, paths), Read(path)))];
        ReportComparison comparison;
        try
        {
            comparison = ReportComparison.Of(reports, metric);
        }
        catch (ArgumentException e)
        {
            throw CommandFaultException.Failed(e.Message);
        }

        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(_terminal, comparison, JsonOutput.Readable.ReportComparison);
        }
        else
        {
            ComparisonTable.Write(_terminal, reports, comparison, [.. reports[0].Report.Metrics.Keys.Where(name => reports.All(report => report.Report.Metrics.ContainsKey(name)))]);
        }

        return ExitCodes.Ok;
    }

    private static EvaluationReport Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, CollectionEvaluation.ReportFile) : path;
        if (!File.Exists(file))
        {
            throw CommandFaultException.Failed($"'{path}' is no report: there is no file '{file}'. Name the --output of a 'platform eval', or its {CollectionEvaluation.ReportFile}.");
        }

        try
        {
            return EvaluationReport.FromJson(File.ReadAllText(file));
        }
        catch (JsonException e)
        {
            throw CommandFaultException.Failed($"'{file}' is no report of 'platform eval': {e.Message}");
        }
    }

    /// <summary>The last part of the path that tells it from the others.</summary>
    private static string NameOf(string path, string[] all)
    {
        string name = Short(path);
        return all.Count(other => Short(other) == name) == 1 ? name : path;

        static string Short(string path)
        {
            string folder = Path.GetFileName(path) == CollectionEvaluation.ReportFile ? Path.GetDirectoryName(path)! : path;
            return Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } last ? last : path;
        }
    }
}
