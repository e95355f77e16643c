using System.CommandLine;
using Platform.Cli.Commands.Models;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Encoders.Contract;

namespace Platform.Cli.Commands.Encoding;

/// <summary><c>platform encode --model MODEL --text TEXT</c></summary>
internal sealed class EncodeCommand : CliCommand
{
    private const int MaxTexts = 1000;

    private readonly Terminal _terminal;
    private readonly ConnectionOptions _connection;
    private readonly ModelsOption _models;
    private readonly Option<string> _model = new("--model")
    {
        HelpName = "MODEL",
        Required = true,
        Description = "A model of the store as ID@VERSION; without --url also as ID, or the folder of one.",
    };

    private readonly Option<string[]> _text = new("--text")
    {
        HelpName = "TEXT",
        Required = true,
        Description = "What to encode, in quotes; may be given several times.",
    };

    private readonly Option<bool> _query = new("--query")
    {
        Description = "Encode as a query; without it as a document. The model's contract has a prefix and a length for each.",
    };

    private readonly Option<int> _top = new("--top")
    {
        HelpName = "N",
        Description = "How many terms, or numbers of a dense vector, are shown; with --json all are.",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<string?> _contract = new("--contract")
    {
        HelpName = "NAME",
        Description = $"For a folder without a contract.json: {string.Join(", ", ContractPresets.ByName.Keys)}, or the path of one.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the whole vectors as one JSON object." };

    public EncodeCommand(Terminal terminal)
        : base("encode", "turn text into the vectors of a model, and show them")
    {
        _terminal = terminal;
        _connection = new ConnectionOptions(terminal, "Without it this process encodes by itself, with a model of this machine.");
        _models = new ModelsOption(terminal);
        Details =
        [
            "Shows what a model makes of a text: for a sparse head the terms, heaviest first, with their weights; for a dense head the first "
            + "numbers and the length of the vector. The vectors are the same whether this process encodes or a running platform does.",
        ];
        Examples =
        [
            new("platform encode --model lion-1b@v1 --text \"wing in a slipstream\" --query", "See the terms of a query"),
            new("platform encode --model ./my-model --contract lion-dense --text \"heat\" --json", "Encode with a folder, for another program"),
            new("platform encode --model lion-1b@v1 --text \"heat\" --url http://127.0.0.1:8080", "Let a running platform encode"),
        ];
        Add(_model);
        Add(_text);
        Add(_query);
        Add(_top);
        Add(_contract);
        Add(_models.Option);
        Add(_json);
        _connection.AddTo(this);
        SetAction(EncodeAsync);
    }

    private async Task<int> EncodeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string[] texts = arguments.GetRequiredValue(_text);
        int top = arguments.GetValue(_top);
        if (top < 1)
        {
            throw CommandFaultException.Usage($"--top is {top}; it must be at least 1.");
        }

        if (texts.Length > MaxTexts || Array.Exists(texts, string.IsNullOrWhiteSpace))
        {
            throw CommandFaultException.Usage($"There are {texts.Length} texts, and each must have a character that is not blank; at most {MaxTexts} are encoded at once.");
        }

        string model = arguments.GetRequiredValue(_model);
        bool areQueries = arguments.GetValue(_query);
        EncodingReport report;
        if (_connection.IsNamed(arguments))
        {
            using PlatformClient client = _connection.Open(arguments);
            report = await RemoteEncoding.EncodeAsync(client, model, texts, areQueries, cancellationToken);
        }
        else
        {
            string folder = _models.Open(arguments).Resolve(model);
            EncoderContract? contract = ModelImportCommand.ContractOf(arguments.GetValue(_contract), folder);
            report = await Task.Run(() => LocalEncoding.Encode(model, folder, contract, texts, areQueries, cancellationToken), cancellationToken);
        }

        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(_terminal, report, JsonOutput.Lines.EncodingReport);
        }
        else
        {
            EncodingView.Write(_terminal, report, top);
        }

        return ExitCodes.Ok;
    }
}
