using System.CommandLine;
using Platform.Cli.Output;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model inspect MODEL</c></summary>
internal sealed class ModelInspectCommand : StoreCommand
{
    private readonly Argument<string> _model = NewModelArgument();

    public ModelInspectCommand(Terminal terminal)
        : base(terminal, "inspect", "show a model's dimensions, weights, tokenizer and contract")
    {
        Examples =
        [
            new("platform model inspect my-model", "Look at a model of the store"),
            new("platform model inspect ./my-model --json", "Look at a folder before it is imported"),
        ];
        Add(_model);
        Complete();
    }

    protected override Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        var report = ModelReport.Of(store.Resolve(arguments.GetRequiredValue(_model)));
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, report, JsonOutput.Readable.ModelReport);
        }
        else
        {
            ModelOutput.WriteReport(Terminal, report);
        }

        return Task.FromResult(ExitCodes.Ok);
    }
}
