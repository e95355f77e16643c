using System.CommandLine;
using Platform.Cli.Commands.Ingesting;
using Platform.Cli.Commands.Interchange;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index import INDEX --format NAME FILE</c></summary>
internal sealed class IndexImportCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly ConnectionOptions _connection;
    private readonly Argument<string> _index = new("INDEX") { Description = "An existing index; see 'platform index create'." };
    private readonly Argument<string> _file = new("FILE") { Description = "The file; of jsonvector also .gz, and - for standard input." };
    private readonly Option<string> _format = InterchangeFormats.NewOption("The file's format: ", InterchangeFormats.JsonVector, InterchangeFormats.Ciff, InterchangeFormats.Csr);
    private readonly Option<string?> _vocabulary = VocabularyOption.New();
    private readonly Option<double?> _scale = new("--scale")
    {
        HelpName = "X",
        Description = "What weights are multiplied by. Without it 1, and for ciff the index's largest weight / 255, so that impacts stay what they are.",
    };

    private readonly IngestSettings _settings = new();

    public IndexImportCommand(Terminal terminal)
        : base("import", "write sparse vectors from a file of the field into an index")
    {
        _terminal = terminal;
        _connection = new ConnectionOptions(terminal);
        Details =
        [
            "Formats: jsonvector, Anserini's, {\"id\": \"7\", \"contents\": \"its text\", \"vector\": {\"term\": 1.5}} a line, where contents become the text; ciff, the Common "
            + "Index File Format, whose term frequencies are taken as impacts of 1 to 255; csr, the sparse matrices of big-ann-benchmarks, whose row numbers become ids.",
            "Weights are above 0 and at most the index's largest (--max-weight of 'index create'); --scale makes them fit. The command may be run again at any time: it then "
            + "writes the same documents once more, and nothing is there twice. A document that is refused fails alone, with its line or number; the exit status is then 3. A "
            + "damaged ciff or csr file ends the import with the place of the damage.",
        ];
        Examples =
        [
            new("platform index import passages --format jsonvector vectors.jsonl.gz --scale 0.01", "Import Anserini's integer weights"),
            new("platform index import passages --format ciff index.ciff --vocabulary vocab.txt", "Import an index of another engine"),
            new("platform index import passages --format csr base_small.csr", "Import the vectors of a benchmark"),
        ];
        Add(_index);
        Add(_file);
        Add(_format);
        Add(_vocabulary);
        Add(_scale);
        foreach (Option option in _settings.All)
        {
            Add(option);
        }

        _connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_index);
        using PlatformClient client = _connection.Open(arguments);
        IndexDescription index = await client.GetIndexAsync(name, cancellationToken)
            ?? throw CommandFaultException.Failed($"There is no index '{name}'. Create it: platform index create {name} --encoder none");
        await using BufferedStream? file = OpenBinary(arguments);
        var job = new IngestJob(_terminal, client, name, SourceOf(arguments, index, file, cancellationToken), _settings.IsJson(arguments));
        try
        {
            return await job.RunAsync(_settings.Read(arguments), _settings.FailuresFile(arguments), cancellationToken);
        }
        catch (InterchangeFormatException fault)
        {
            throw CommandFaultException.Failed($"{fault.Message} Documents before it may be written; mend the file and run the command again.");
        }
    }

    private IItemSource SourceOf(ParseResult arguments, IndexDescription index, Stream? file, CancellationToken cancellationToken)
    {
        string path = arguments.GetRequiredValue(_file);
        TermVocabulary vocabulary = VocabularyOption.Read(arguments.GetValue(_vocabulary));
        double? scale = arguments.GetValue(_scale);
        return arguments.GetRequiredValue(_format) switch
        {
            InterchangeFormats.Ciff => new VectorSource(path, CiffFile.Read(file!, path, vocabulary, cancellationToken), scale ?? ImpactQuantiser.Scale(index.Sparse.MaxWeight)),
            InterchangeFormats.Csr => new VectorSource(path, CsrFile.Read(path), scale ?? 1),
            _ => new ItemFiles(_terminal, [path]) { Parse = line => VectorSource.ItemOf(JsonVectorLine.Parse(line, vocabulary), scale ?? 1) },
        };
    }

    private BufferedStream? OpenBinary(ParseResult arguments)
    {
        string path = arguments.GetRequiredValue(_file);
        string format = arguments.GetRequiredValue(_format);
        if (format != InterchangeFormats.JsonVector && !File.Exists(path))
        {
            throw CommandFaultException.Usage($"There is no file '{path}'; name a file of format {format}.");
        }

        return format == InterchangeFormats.Ciff ? new BufferedStream(File.OpenRead(path), 1 << 16) : null;
    }
}
