using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Spectre.Console;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index delete INDEX</c></summary>
internal sealed class IndexDeleteCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask. Needed where nobody can answer." };

    public IndexDeleteCommand(Terminal terminal)
        : base(terminal, "delete", "delete an index and all its documents")
    {
        Details = ["There is no way back. On a terminal the command asks first; in a script it needs --yes."];
        Examples =
        [
            new("platform index delete articles", "Delete an index after a question"),
            new("platform index delete articles --yes", "Delete it in a script"),
        ];
        Add(_name);
        Add(_yes);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        if (!arguments.GetValue(_yes) && !await IsMeantAsync(name, cancellationToken))
        {
            Terminal.Say("Nothing was deleted.");
            return ExitCodes.Failed;
        }

        if (!await client.DeleteIndexAsync(name, cancellationToken))
        {
            throw CommandFaultException.Failed($"There is no index '{name}'. 'platform index list' shows what there is.");
        }

        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new DeletedIndex(name, Deleted: true), JsonOutput.Readable.DeletedIndex);
        }
        else
        {
            Terminal.Print($"Deleted index '{name}'.");
        }

        return ExitCodes.Ok;
    }

    private Task<bool> IsMeantAsync(string name, CancellationToken cancellationToken) => Terminal.CanAsk
        ? Terminal.ErrorConsole.PromptAsync(
            new ConfirmationPrompt($"Delete index '{Markup.Escape(name)}' and all its documents?") { DefaultValue = false }, cancellationToken)
        : throw CommandFaultException.Usage($"Nobody can be asked whether to delete '{name}'; give --yes.");
}
