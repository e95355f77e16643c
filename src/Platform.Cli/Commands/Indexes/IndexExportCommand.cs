using System.CommandLine;
using Platform.Cli.Commands.Interchange;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index export INDEX --format NAME FILE</c></summary>
internal sealed class IndexExportCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly ConnectionOptions _connection;
    private readonly Argument<string> _index = new("INDEX") { Description = "The index's name." };
    private readonly Argument<string> _file = new("FILE") { Description = "The file to write; it must not exist yet." };
    private readonly Option<string> _format = InterchangeFormats.NewOption("The file's format: ", InterchangeFormats.JsonVector, InterchangeFormats.Ciff, InterchangeFormats.Items);
    private readonly Option<string?> _vocabulary = VocabularyOption.New();
    private readonly Option<bool> _json = new("--json") { Description = "Print the counts as one JSON object." };

    public IndexExportCommand(Terminal terminal)
        : base("export", "write all documents of an index with their sparse vectors into a file")
    {
        _terminal = terminal;
        _connection = new ConnectionOptions(terminal);
        Details =
        [
            "Reads the index in the order of ids while it goes on serving and being written to: a document that is there all the while is exported exactly once. "
            + "Vectors are those that the index keeps: pruned and quantised, given or a model's.",
            "Formats: jsonvector, Anserini's, with weights as floats and the text as contents; ciff, the Common Index File Format, with impacts as term frequencies and without "
            + "texts, for which all postings are held in memory; items, the lines that 'platform ingest' reads, with titles, texts, fields and vectors.",
        ];
        Examples =
        [
            new("platform index export passages --format jsonvector passages.jsonl", "Export for Anserini, or to import elsewhere"),
            new("platform index export passages --format ciff passages.ciff --vocabulary vocab.txt", "Export for PISA, Terrier or BMP"),
            new("platform index export articles --format items articles.jsonl", "Copy the documents of an index"),
        ];
        Add(_index);
        Add(_file);
        Add(_format);
        Add(_vocabulary);
        Add(_json);
        _connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_index);
        string path = arguments.GetRequiredValue(_file);
        bool json = arguments.GetValue(_json);
        TermVocabulary vocabulary = VocabularyOption.Read(arguments.GetValue(_vocabulary));
        if (File.Exists(path))
        {
            throw CommandFaultException.Usage($"There is a file '{path}'; name one that does not exist.");
        }

        using PlatformClient client = _connection.Open(arguments);
        IndexDescription index = await client.GetIndexAsync(name, cancellationToken)
            ?? throw CommandFaultException.Failed($"There is no index '{name}'. 'platform index list' shows what there is.");
        long total = (await client.GetStatisticsAsync(name, cancellationToken)).Documents;
        string unfinished = path + ".part";
        long written;
        await using (FileStream file = File.Create(unfinished))
        {
            IDocumentWriter writer = arguments.GetRequiredValue(_format) switch
            {
                InterchangeFormats.Ciff => new CiffDocuments(file, vocabulary, index.Sparse.MaxWeight),
                InterchangeFormats.Items => new ItemDocuments(file),
                _ => new JsonVectorDocuments(file, vocabulary),
            };
            written = await WorkProgress.RunAsync(
                _terminal, $"Exporting {name}", "document", json, shown => ExportAsync(client, name, writer, total, shown, cancellationToken));
        }

        File.Move(unfinished, path);
        Print(new ExportReport(name, path, written), json);
        return ExitCodes.Ok;
    }

    private static async Task<long> ExportAsync(
        PlatformClient client, string index, IDocumentWriter writer, long total, IProgress<WorkDone> shown, CancellationToken cancellationToken)
    {
        long written = 0;
        await foreach (WholeDocument document in client.ReadDocumentsAsync(index, withVectors: true, cancellationToken: cancellationToken))
        {
            await writer.WriteAsync(document, cancellationToken);
            if (++written % 1_000 == 0)
            {
                shown.Report(new WorkDone(written, 0, Math.Min(1, (double)written / Math.Max(1, total))));
            }
        }

        await writer.FinishAsync(cancellationToken);
        shown.Report(new WorkDone(written, 0, 1));
        return written;
    }

    private void Print(ExportReport report, bool json)
    {
        if (json)
        {
            JsonOutput.Write(_terminal, report, JsonOutput.Readable.ExportReport);
        }
        else
        {
            _terminal.Print($"{Figures.Count(report.Documents, "document")} of index '{report.Index}' written to {report.File}.");
        }
    }
}

/// <summary>What <c>index export --json</c> says.</summary>
/// <param name="Index">The index.</param>
/// <param name="File">The file.</param>
/// <param name="Documents">Documents written.</param>
internal sealed record ExportReport(string Index, string File, long Documents);
