using System.CommandLine;
using Platform.Cli.Output;
using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model import DIR</c></summary>
internal sealed class ModelImportCommand : StoreCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The model's folder, in Hugging Face layout." };
    private readonly Option<string?> _id = new("--id") { HelpName = "ID", Description = "The model's id in the store. Without it, the folder's name." };
    private readonly Option<string?> _version = new("--version") { HelpName = "NAME", Description = "The version's name. Without it, 12 digits of the content's hash." };
    private readonly Option<string?> _contract = new("--contract")
    {
        HelpName = "NAME",
        Description = $"The contract: {string.Join(", ", ContractPresets.ByName.Keys)}, or the path of a contract.json. Without it, the folder's own.",
    };

    public ModelImportCommand(Terminal terminal)
        : base(terminal, "import", "take a model's folder into the store")
    {
        Details =
        [
            "Reads the weights' headers, the adapter, the tokenizer and the contract, and refuses what is damaged or does not fit. Then copies the "
            + "model's files, and no others. The same content under the same name once more changes nothing.",
        ];
        Examples =
        [
            new("platform model import ./my-model", "Import under the folder's name"),
            new("platform model import ./Llama-3.2-1B --id lion-1b --version v1 --contract lion-sparse", "Choose name and contract"),
        ];
        Add(_folder);
        Add(_id);
        Add(_version);
        Add(_contract);
        Complete();
    }

    protected override async Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(arguments.GetRequiredValue(_folder));
        if (!Directory.Exists(folder))
        {
            throw CommandFaultException.Failed($"There is no folder '{folder}'. Name the folder of a model.");
        }

        var request = new ModelImport(
            arguments.GetValue(_id) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), arguments.GetValue(_version), ContractOf(arguments.GetValue(_contract), folder), Source: null);
        long bytes = Directory.EnumerateFiles(folder).Sum(path => new FileInfo(path).Length);
        StoredModel model = await WithProgressAsync(
            $"Importing {request.Id}", bytes, arguments.GetValue(Json), progress => store.ImportAsync(folder, request, progress, cancellationToken));
        ModelOutput.WriteImported(Terminal, model, arguments.GetValue(Json));
        return ExitCodes.Ok;
    }

    private static EncoderContract? ContractOf(string? name, string folder) => name is null ? null
        : ContractPresets.ByName.TryGetValue(name, out Func<int, EncoderContract>? preset) ? preset(LlamaConfig.Read(folder).Hidden)
        : ContractFile.Read(name);
}
