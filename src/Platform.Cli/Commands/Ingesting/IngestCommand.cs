using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Ingest;

namespace Platform.Cli.Commands.Ingesting;

/// <summary><c>platform ingest INDEX FILE...</c></summary>
internal sealed class IngestCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly ConnectionOptions _connection;
    private readonly Argument<string> _index = new("INDEX")
    {
        Description = "An existing index; see 'platform index create'.",
    };

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files of documents, one JSON object a line; .gz is unpacked, - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly IngestSettings _settings = new();

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
            new(
                "platform ingest articles part-*.jsonl.gz --failures failed.jsonl",
                "Ingest packed files and keep what failed"),
            new(
                "zcat dump.gz | ./to-ndjson | platform ingest articles - --json",
                "Ingest what another program writes, and count it for a third"),
        ];
        Add(_index);
        Add(_files);
        foreach (Option option in _settings.All)
        {
            Add(option);
        }

        _connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(_index);
        IngestOptions options = _settings.Read(arguments);
        using PlatformClient client = _connection.Open(arguments);
        var files = new ItemFiles(_terminal, arguments.GetRequiredValue(_files));

        // A wrong address, key or name is told at once, not after the retries of an ingest.
        if (await client.GetIndexAsync(index, cancellationToken) is null)
        {
            throw CommandFaultException.Failed($"There is no index '{index}'. Create it: platform index create {index}");
        }

        return await new IngestJob(_terminal, client, index, files, _settings.IsJson(arguments))
            .RunAsync(options, _settings.FailuresFile(arguments), cancellationToken);
    }
}
