using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.Cli.Commands.Ingesting;

/// <summary><c>platform ingest INDEX FILE...</c></summary>
internal sealed class IngestCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly ConnectionOptions _connection;
    private readonly Argument<string> _index = new("INDEX") { Description = "An existing index; see 'platform index create'." };
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files of documents, one JSON object a line; .gz is unpacked, - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _batch = new("--batch") { HelpName = "N", Description = "Documents a request, 1 to 10,000.", DefaultValueFactory = _ => 1_000 };
    private readonly Option<int> _parallel = new("--parallel") { HelpName = "N", Description = "Requests under way at once, 1 to 64.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _retries = new("--retries") { HelpName = "N", Description = "How often a request is repeated while the service is away, 0 to 100.", DefaultValueFactory = _ => 10 };
    private readonly Option<string?> _failures = new("--failures") { HelpName = "FILE", Description = "Write every failed document to a file, one JSON object a line." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the counts as one JSON object." };

    public IngestCommand(Terminal terminal)
        : base("ingest", "write documents from files into an index")
    {
        _terminal = terminal;
        _connection = new ConnectionOptions(terminal);
        Details =
        [
            "Reads documents one a line and writes them into the index. A line is {\"id\": ..., \"title\": ..., \"text\": ..., "
            + "\"fields\": {...}}, {\"id\": ..., \"action\": \"delete\"}, or a line of a BEIR corpus.jsonl with _id. A document "
            + "replaces the one of the same id.",
            "Documents that are acknowledged are durable. The command may be run again at any time: it then writes the same documents "
            + "once more, and nothing is there twice. A line that is no document, and a document that the service refuses, fail alone; "
            + "the exit status is then 3. Operations on one id are carried out in the order of the files.",
        ];
        Examples =
        [
            new("platform ingest articles corpus.jsonl", "Ingest a file"),
            new("platform ingest articles part-*.jsonl.gz --failures failed.jsonl", "Ingest packed files and keep what failed"),
            new("zcat dump.gz | ./to-ndjson | platform ingest articles - --json", "Ingest what another program writes, and count it for a third"),
        ];
        Add(_index);
        Add(_files);
        Add(_batch);
        Add(_parallel);
        Add(_retries);
        Add(_failures);
        Add(_json);
        _connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(_index);
        IngestOptions options = OptionsOf(arguments);
        using PlatformClient client = _connection.Open(arguments);
        using var failures = new FailureLog(_terminal, arguments.GetValue(_failures));
        var tally = new Tally();
        var files = new ItemFiles(_terminal, arguments.GetRequiredValue(_files))
        {
            BadLine = (line, detail) =>
            {
                tally.AddBadLine();
                failures.Add(line, detail);
            },
        };

        // A wrong address, key or name is told at once, not after the retries of an ingest.
        if (await client.GetIndexAsync(index, cancellationToken) is null)
        {
            throw CommandFaultException.Failed($"There is no index '{index}'. Create it: platform index create {index}");
        }

        IngestReport report = await WorkProgress.RunAsync(
            _terminal, $"Ingesting {index}", "document", arguments.GetValue(_json), shown => IngestAsync(client, index, files, options, tally, failures, shown, cancellationToken));
        failures.Close();
        Print(report, arguments.GetValue(_json));
        return report switch
        {
            { Stopped: not null } => ExitCodes.Failed,
            { Failed: 0, Unknown: 0 } => ExitCodes.Ok,
            { Acknowledged: 0 } => ExitCodes.Failed,
            _ => ExitCodes.Partial,
        };
    }

    private async Task<IngestReport> IngestAsync(
        PlatformClient client, string index, ItemFiles files, IngestOptions options, Tally tally, FailureLog failures, IProgress<WorkDone> shown, CancellationToken cancellationToken)
    {
        Problem? stopped = null;
        var progress = new Forward(tally, files, shown);
        long startedAt = _terminal.Time.GetTimestamp();
        try
        {
            await foreach (IngestResult result in client.IngestResultsAsync(index, files.ReadAsync(cancellationToken), options, progress, cancellationToken))
            {
                tally.Add(result.Status);
                if (!result.IsAcknowledged)
                {
                    failures.Add(files.Lines.Of(result.Position), result);
                }
            }
        }
        catch (IngestStoppedException stop)
        {
            stopped = stop.Problem;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _terminal.Say($"{Figures.Count(tally.Acknowledged, "document")} acknowledged. Run the same command again to ingest the rest; nothing will be there twice.");
            throw;
        }

        return tally.Report(index, _terminal.Time.GetElapsedTime(startedAt), stopped);
    }

    private void Print(IngestReport report, bool json)
    {
        if (json)
        {
            JsonOutput.Write(_terminal, report, JsonOutput.Readable.IngestReport);
        }
        else
        {
            string counts = string.Join(", ", new[]
            {
                (report.Created, "created"), (report.Updated, "updated"), (report.Deleted, "deleted"),
                (report.NotFound, "not found"), (report.Failed, "failed"), (report.Unknown, "of unknown fate"),
            }.Where(part => part.Item1 > 0).Select(part => $"{Figures.Count(part.Item1)} {part.Item2}"));
            _terminal.Print(
                $"{Figures.Count(report.Read, "document")} in {Figures.Duration(TimeSpan.FromSeconds(report.Seconds))} "
                + $"({Figures.Rate(report.DocumentsPerSecond)}, {Figures.Bytes(report.Bytes)}): {(counts.Length == 0 ? "nothing to do" : counts)}.");
        }

        if (report.Stopped is { } problem)
        {
            _terminal.Say($"platform: stopped before the end of the files: {problem.Detail}");
        }
    }

    private IngestOptions OptionsOf(ParseResult arguments)
    {
        var options = new IngestOptions
        {
            MaxItemsPerRequest = arguments.GetValue(_batch),
            MaxRequestsInFlight = arguments.GetValue(_parallel),
            MaxRetries = arguments.GetValue(_retries),
        };
        (string Property, string Option)[] names =
            [(nameof(options.MaxItemsPerRequest), "--batch"), (nameof(options.MaxRequestsInFlight), "--parallel"), (nameof(options.MaxRetries), "--retries")];
        return options.Faults() is { Count: > 0 } faults
            ? throw CommandFaultException.Usage(names.Aggregate(
                string.Join(' ', faults), (text, name) => text.Replace(name.Property, name.Option, StringComparison.Ordinal)))
            : options;
    }

    private sealed class Forward(Tally tally, ItemFiles files, IProgress<WorkDone> shown) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value)
        {
            tally.Bytes = value.Bytes;
            shown.Report(new WorkDone(value.Acknowledged, value.Failed + tally.BadLines, files.FractionRead));
        }
    }
}
