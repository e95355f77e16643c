using System.CommandLine;
using Platform.Cli.Output;
using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model import DIR</c></summary>
internal sealed class ModelImportCommand : StoreCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The model's folder, in Hugging Face layout; or a model of the store, as ID or ID/VERSION." };
    private readonly Option<string?> _id = new("--id") { HelpName = "ID", Description = "The model's id in the store. Without it, the folder's name." };
    private readonly Option<string?> _version = new("--version") { HelpName = "NAME", Description = "The version's name. Without it, 12 digits of the content's hash." };
    private readonly Option<string?> _contract = new("--contract")
    {
        HelpName = "NAME",
        Description = $"The contract: {string.Join(", ", ContractPresets.ByName.Keys)}, or the path of a contract.json. Without it, the folder's own.",
    };

    private readonly Option<string?> _adapter = new("--adapter")
    {
        HelpName = "DIR",
        Description = "A folder with a PEFT LoRA adapter for the model; it becomes part of the version, and is merged when the model is loaded.",
    };

    public ModelImportCommand(Terminal terminal)
        : base(terminal, "import", "take a model's folder into the store")
    {
        Details =
        [
            "Reads configuration, the weights' headers, the adapter, the tokenizer and the contract, and refuses what is damaged or does not fit: "
            + "every tensor that is missing, extra or of another shape is named. Then copies the model's files, and no others. The same content "
            + "under the same name once more changes nothing.",
        ];
        Examples =
        [
            new("platform model import ./my-model", "Import under the folder's name"),
            new("platform model import ./Llama-3.2-1B --id lion-1b --version v1 --contract lion-sparse", "Choose name and contract"),
            new("platform model import llama-1b --adapter ./lion-lora --id lion-1b", "Give a model of the store an adapter, as another model"),
        ];
        Add(_folder);
        Add(_id);
        Add(_version);
        Add(_contract);
        Add(_adapter);
        Complete();
    }

    protected override async Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        string named = arguments.GetRequiredValue(_folder);
        string folder = Directory.Exists(named) ? Path.GetFullPath(named) : store.Resolve(named);
        string? adapter = arguments.GetValue(_adapter) is { } given ? Path.GetFullPath(given) : null;
        if (adapter is not null && !Directory.Exists(adapter))
        {
            throw CommandFaultException.Failed($"There is no folder '{adapter}'. Name the folder of an adapter.");
        }

        var request = new ModelImport(
            arguments.GetValue(_id) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(adapter ?? folder)),
            arguments.GetValue(_version),
            ContractOf(arguments.GetValue(_contract), folder),
            Source: null,
            adapter);
        long bytes = Directory.EnumerateFiles(folder).Sum(path => new FileInfo(path).Length);
        StoredModel model = await WithProgressAsync(
            $"Importing {request.Id}", bytes, arguments.GetValue(Json), progress => store.ImportAsync(folder, request, progress, cancellationToken));
        ModelOutput.WriteImported(Terminal, model, arguments.GetValue(Json));
        return ExitCodes.Ok;
    }

    /// <summary>A contract by the name of a preset or by its path; null without a name.</summary>
    internal static EncoderContract? ContractOf(string? name, string folder) => name is null ? null
        : ContractPresets.ByName.TryGetValue(name, out Func<int, EncoderContract>? preset) ? preset(LlamaConfig.Read(folder).Hidden)
        : ContractFile.Read(name);
}
