using System.CommandLine;
using Platform.Cli.Output;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model list</c></summary>
internal sealed class ModelListCommand : StoreCommand
{
    public ModelListCommand(Terminal terminal)
        : base(terminal, "list", "list the models of the store, and those that come with the platform")
    {
        Examples =
        [
            new("platform model list", "See all models by id and version"),
            new("platform model list --json | jq -r '.models[].id'", "Ids for another program"),
        ];
        Complete();
    }

    protected override Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredModel> models = store.List();
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new ModelListReport([.. models.Select(ModelLine.Of)]), JsonOutput.Readable.ModelListReport);
        }
        else
        {
            ModelOutput.WriteList(Terminal, models);
            if (models.All(model => !model.Folder.StartsWith(store.Directory, StringComparison.Ordinal)))
            {
                Terminal.Say($"These come with the platform; there is no model in '{store.Directory}' yet. Import one: platform model import DIR");
            }
        }

        return Task.FromResult(ExitCodes.Ok);
    }
}
