using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index operations INDEX</c></summary>
internal sealed class IndexOperationsCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();

    private readonly Option<string?> _cancel = new("--cancel") { HelpName = "ID", Description = "Ask this operation to end: what has not taken over yet is taken back." };

    public IndexOperationsCommand(Terminal terminal)
        : base(terminal, "operations", "list splits, merges, moves, snapshots and restores, or end one")
    {
        Examples =
        [
            new("platform index operations articles", "See what runs and what has ended, newest first"),
            new("platform index operations articles --cancel split-0f3a9c", "End one"),
        ];
        Add(_name);
        Add(_cancel);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(_name);
        IReadOnlyList<OperationDescription> operations = arguments.GetValue(_cancel) is { } id
            ? [await client.CancelOperationAsync(index, id, cancellationToken)]
            : await client.ListOperationsAsync(index, cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new OperationList { Operations = operations }, JsonOutput.Readable.OperationList);
        }
        else if (operations.Count == 0)
        {
            Terminal.Say("There is no operation yet. Begin one: platform index split INDEX --into N, or platform snapshot create INDEX NAME");
        }
        else
        {
            OperationTables.WriteList(Terminal, operations);
        }

        return ExitCodes.Ok;
    }
}
