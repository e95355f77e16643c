using System.CommandLine;
using Platform.Cli.Output;
using Platform.Encoders.Models;
using Platform.Encoders.Models.Hub;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model pull hf:owner/name[@revision]</c></summary>
internal sealed class ModelPullCommand : StoreCommand
{
    /// <summary>Holds the hub's token.</summary>
    public const string TokenVariable = "HF_TOKEN";

    private readonly Argument<string> _reference = new("MODEL") { Description = "The model on the hub, as hf:owner/name or hf:owner/name@revision." };
    private readonly Option<string?> _id = new("--id") { HelpName = "ID", Description = "The model's id in the store. Without it, its name on the hub." };
    private readonly Option<string> _hub = new("--hub")
    {
        HelpName = "URL",
        Description = $"The hub, or a mirror of it. The token in {TokenVariable}, if there is one, goes there and nowhere else.",
        DefaultValueFactory = _ => HubOptions.HuggingFace.GetLeftPart(UriPartial.Authority),
    };

    public ModelPullCommand(Terminal terminal)
        : base(terminal, "pull", "fetch a model from the Hugging Face hub into the store")
    {
        Details =
        [
            "Fetches configuration, tokenizer, safetensors and adapter at one commit, checks the hub's checksums, and imports the result under the "
            + "commit's first 12 digits as version. Interrupted, the same command goes on where it was. No redirect is followed to a private "
            + "address or away from https.",
        ];
        Examples =
        [
            new("platform model pull hf:owner/name", "Fetch the newest commit of the main branch"),
            new("platform model pull hf:owner/name@v1.0 --id my-model", "Fetch a tag under a name of your own"),
            new("platform model pull hf:owner/name --hub https://mirror.example.com", "Fetch from a mirror"),
        ];
        Add(_reference);
        Add(_id);
        Add(_hub);
        Complete();
    }

    protected override async Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        string text = arguments.GetRequiredValue(_reference);
        if (!HubReference.TryParse(text, out HubReference? reference))
        {
            throw CommandFaultException.Usage($"'{Figures.Shorten(text)}' is no model on a hub; name it as {HubReference.Form}.");
        }

        string hub = arguments.GetRequiredValue(_hub);
        if (!Uri.TryCreate(hub, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            throw CommandFaultException.Usage($"--hub is '{Figures.Shorten(hub)}'; it must be an http or https address.");
        }

        var options = new HubOptions { BaseAddress = address, Token = Terminal.Environment(TokenVariable) is { Length: > 0 } token ? token : null };
        var import = new ModelImport(arguments.GetValue(_id) ?? reference.Name, Version: null, Contract: null, Source: null);
        StoredModel model = await WorkProgress.RunAsync(Terminal, $"Fetching {reference.Name}", "MB", arguments.GetValue(Json), async progress =>
        {
            var bytes = new Megabytes(progress);
            return await new ModelPull(store, options).RunAsync(reference, import, bytes.Whole, bytes, cancellationToken);
        });
        ModelOutput.WriteImported(Terminal, model, arguments.GetValue(Json));
        return ExitCodes.Ok;
    }
}
