using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Cli.Commands.Evaluating;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Encoders.Models;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Reports;

namespace Platform.Cli.Commands;

/// <summary><c>platform demo</c></summary>
internal sealed class DemoCommand : CliCommand
{
    private const string Index = "dotnet";
    private const int Depth = 100;
    private const int Shards = 4;

    private static readonly string[] Metrics = ["nDCG@10", "MRR@10", "Recall@100"];

    private static readonly string[] ExampleQueries =
    [
        "compute the SHA-256 hash of a stream",
        "split a string by several separator characters",
        "run an action after a delay unless it is cancelled",
    ];

    private readonly Terminal _terminal;
    private readonly Option<bool> _serve = new("--serve")
    {
        Description = "Keep serving afterwards, until Ctrl-C, and print a key.",
    };

    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Keep the data in a folder, where indexes named dotnet, dotnet-words and dotnet-models are made anew; without this they are temporary.",
    };

    private readonly Option<string?> _url = new("--url")
    {
        HelpName = "URL",
        Description = $"Where to serve. Without it {ServeCommand.DefaultUrl} with --serve, else a free port.",
    };

    private readonly Option<int> _queries = new("--queries")
    {
        HelpName = "N",
        Description = "How many queries to search.",
        DefaultValueFactory = _ => DotNetReference.DefaultQueryCount,
    };

    private readonly Option<int?> _limit = new("--limit")
    {
        HelpName = "N",
        Description = "Take only the first N documents, for a shorter look; the numbers are then others.",
    };

    private readonly Option<int> _sample = new("--sample")
    {
        HelpName = "N",
        Description = "How many documents the shipped models encode, for the comparison of lexical, sparse, dense and hybrid search; 0 leaves it out.",
        DefaultValueFactory = _ => DemoComparison.DefaultDocuments,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

    public DemoCommand(Terminal terminal)
        : base("demo", "see the whole platform work on documentation that is on this machine")
    {
        _terminal = terminal;
        Details =
        [
            "Needs the .NET SDK and nothing else. Starts a platform in this process; makes a test collection of the reference "
            + "documentation that the SDK carries (a document is a member's signature, parameters and remarks, a query is the summary of a "
            + "member); ingests it into an index 'dotnet'; searches the queries; prints how well and how fast that went, and three "
            + "searches. It takes some minutes.",
            "Then it compares, on a sample and with queries that no model was trained on: words (BM25), learned sparse vectors of "
            + $"{ShippedModels.Sparse}, dense vectors of {ShippedModels.Dense}, and the last two fused by reciprocal rank.",
        ];
        Examples =
        [
            new("platform demo", "See it once, and leave nothing behind"),
            new("platform demo --serve --data ./demo-data", "Go on serving, and keep the index"),
            new("platform demo --limit 5000 --json", "A short look, for a program"),
        ];
        foreach (Option option in new Option[] { _serve, _data, _url, _queries, _limit, _sample, _json })
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(_json);
        bool serve = arguments.GetValue(_serve);
        (int queries, int? limit, int sample) = CountsOf(arguments);
        _terminal.Say("Starting a platform in this process ...");
        await using EmbeddedPlatform platform = await EmbeddedPlatform.StartAsync(
            arguments.GetValue(_data), arguments.GetValue(_url) ?? (serve ? ServeCommand.DefaultUrl : null), cancellationToken);
        using PlatformClient client = platform.Connect();
        string address = ServeCommand.Address(platform.Url);
        _terminal.Say($"It serves on {address}. Reading the documentation of the .NET SDK ...");
        (DotNetReference whole, IRetrievalCollection collection, long documents) = await OpenAsync(queries, limit, cancellationToken);
        await client.DeleteIndexAsync(Index, cancellationToken);   // of an earlier demo on this folder

        DirectoryInfo run = Directory.CreateTempSubdirectory("platform-demo-");
        try
        {
            var plan = new EvaluationPlan
            {
                Index = Index,
                Split = DotNetReference.Split,
                Encoder = "lexical",
                Shards = Shards,
                Depth = Depth,
                OutputFolder = Path.Combine(run.FullName, "whole"),
            };
            EvaluationOutcome outcome = await new CollectionEvaluation(_terminal, client, plan, json).RunAsync(
                collection, documents, cancellationToken);
            EvaluationTable.Warn(_terminal, outcome);
            if (!json)
            {
                EvaluationTable.Write(_terminal, outcome.Report, Metrics);
                await ShowSearchesAsync(client, cancellationToken);
            }

            IReadOnlyList<NamedReport> compared = sample == 0
                ? []
                : await new DemoComparison(_terminal, client, json).RunAsync(whole, sample, queries, run.FullName, cancellationToken);
            if (json)
            {
                _terminal.Print(ToJson(outcome.Report, compared));
            }
            else if (compared.Count > 0)
            {
                _terminal.Print($"Four ways to search a sample of them: words, {ShippedModels.Sparse}, {ShippedModels.Dense}, and both models' hits fused");
                ComparisonTable.Write(_terminal, compared, ReportComparison.Of(compared, Metrics[0]), Metrics);
            }

            await FinishAsync(platform, serve, json, cancellationToken);
            return outcome.IsWhole ? ExitCodes.Ok : ExitCodes.Partial;
        }
        finally
        {
            run.Delete(recursive: true);
        }
    }

    private static string ToJson(EvaluationReport report, IReadOnlyList<NamedReport> compared)
    {
        JsonObject all = Parse(report);
        if (compared.Count > 0)
        {
            all["comparison"] = new JsonObject(compared.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Name, Parse(each.Report))));
        }

        return all.ToJsonString(JsonOutput.Readable.Options);

        static JsonObject Parse(EvaluationReport report) => JsonNode.Parse((report with { PerQuery = null }).ToJson())!.AsObject();
    }

    private (int Queries, int? Limit, int Sample) CountsOf(ParseResult arguments)
    {
        int sample = arguments.GetValue(_sample);
        int queries = arguments.GetValue(_queries);
        int? limit = arguments.GetValue(_limit);
        return queries < 1 ? throw CommandFaultException.Usage($"--queries is {queries}; it must be 1 or more.")
            : limit < 1 ? throw CommandFaultException.Usage($"--limit is {limit}; it must be 1 or more.")
            : sample < 0 ? throw CommandFaultException.Usage($"--sample is {sample}; it must be 0 or more.")
            : (queries, limit, sample);
    }

    private static async Task<(DotNetReference Whole, IRetrievalCollection Collection, long Documents)> OpenAsync(
        int queries, int? limit, CancellationToken cancellationToken)
    {
        // With a limit most of the queries fall away, so all are drawn first.
        var whole = DotNetReference.Open(limit is null ? queries : int.MaxValue, cancellationToken: cancellationToken);
        if (limit is not { } most)
        {
            return (whole, whole, whole.Documents.Count);
        }

        var part = await LimitedCollection.CutAsync(whole, DotNetReference.Split, most, queries, cancellationToken);
        return (whole, part, Math.Min(most, whole.Documents.Count));
    }

    private async Task ShowSearchesAsync(PlatformClient client, CancellationToken cancellationToken)
    {
        foreach (string query in ExampleQueries)
        {
            _terminal.Print($"search {Index} \"{query}\"");
            SearchResponse answer = await client.SearchAsync(
                Index, new SearchRequest { Text = query, Top = 3 }, cancellationToken);
            SearchView.Write(_terminal, query, answer, firstRank: 1);
            _terminal.Print("");
        }
    }

    private async Task FinishAsync(EmbeddedPlatform platform, bool serve, bool json, CancellationToken cancellationToken)
    {
        Action<string> print = json ? _terminal.Say : _terminal.Print;
        string platformCommand = Invocation.Name(_terminal);
        if (!serve)
        {
            print("What to try next:");
            print("  Keep it running, and search it from another terminal:");
            print($"    {platformCommand} demo --serve");
            print("  Start an empty platform for documents of your own:");
            print($"    {platformCommand} serve");
            print("  Read the manual:");
            print($"    {platformCommand} --help");
            return;
        }

        print("What to try next, in another terminal:");
        print($"  export {ConnectionOptions.UrlVariable}={ServeCommand.Address(platform.Url)}");
        print($"  export {ConnectionOptions.KeyVariable}={platform.Key}");
        print($"  {platformCommand} search {Index} \"read all lines of a file\" --top 3 --explain");
        print($"  {platformCommand} search {DemoComparison.Index} \"read all lines of a file\" --top 3 --mode hybrid --explain");
        print($"  {platformCommand} encode --model {ShippedModels.Sparse} --text \"read all lines of a file\"");
        print($"  {platformCommand} index stats {Index}");
        print($"  {platformCommand} index create mine && {platformCommand} ingest mine FILE.jsonl");
        print($"  curl -H \"Authorization: Bearer ${ConnectionOptions.KeyVariable}\" ${ConnectionOptions.UrlVariable}/v1/indexes");
        print($"Serving on {ServeCommand.Address(platform.Url)}; data in {platform.DataDirectory}. Ctrl-C stops it in good order.");
        await platform.WaitForShutdownAsync(cancellationToken);
    }
}
