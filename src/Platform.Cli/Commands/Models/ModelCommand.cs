using Platform.Cli.Output;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model ...</c>: the group of commands on models.</summary>
internal sealed class ModelCommand : CliCommand
{
    public ModelCommand(Terminal terminal)
        : base("model", "fetch, import, list, inspect and verify models")
    {
        Details =
        [
            "A model is a Llama checkpoint in Hugging Face layout: config.json, safetensors, tokenizer.json, perhaps a LoRA adapter, and a "
            + "contract.json that says how text is encoded with it. The store keeps versions that never change, each with the checksums of "
            + "its files.",
        ];
        Examples =
        [
            new("platform model import ./my-model --id my-model --contract lion-dense", "Take a folder into the store"),
            new("platform model pull hf:owner/name", "Fetch one from the Hugging Face hub"),
            new("platform model list", "See what there is"),
            new("platform model verify my-model", "Check its files and, if it has reference numbers, its results"),
        ];
        Add(new ModelImportCommand(terminal));
        Add(new ModelPullCommand(terminal));
        Add(new ModelListCommand(terminal));
        Add(new ModelInspectCommand(terminal));
        Add(new ModelVerifyCommand(terminal));
    }
}
