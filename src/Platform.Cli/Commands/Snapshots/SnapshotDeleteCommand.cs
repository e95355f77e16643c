using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot delete INDEX NAME</c></summary>
internal sealed class SnapshotDeleteCommand : ClientCommand
{
    private readonly Argument<string> _index = NewIndexArgument();
    private readonly Argument<string> _name = SnapshotCreateCommand.NewSnapshotArgument();

    public SnapshotDeleteCommand(Terminal terminal)
        : base(terminal, "delete", "delete a snapshot")
    {
        Details = ["What other snapshots of the index need stays. There is no way back, and no question."];
        Examples = [new("platform snapshot delete articles monday", "Delete a snapshot and what only it needs")];
        Add(_index);
        Add(_name);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(_index);
        string name = arguments.GetRequiredValue(_name);
        if (!await client.DeleteSnapshotAsync(index, name, cancellationToken))
        {
            throw CommandFaultException.Failed($"Index '{index}' has no snapshot '{name}'. 'platform snapshot list {index}' shows what there is.");
        }

        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new DeletedIndex(name, Deleted: true), JsonOutput.Readable.DeletedIndex);
        }
        else
        {
            Terminal.Print($"Deleted snapshot '{name}' of index '{index}'.");
        }

        return ExitCodes.Ok;
    }
}
