using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot list INDEX</c></summary>
internal sealed class SnapshotListCommand : ClientCommand
{
    private readonly Argument<string> _index = NewIndexArgument();

    public SnapshotListCommand(Terminal terminal)
        : base(terminal, "list", "list an index's snapshots")
    {
        Details = ["The oldest comes first. Snapshots of a deleted index are listed too."];
        Examples = [new("platform snapshot list articles", "See an index's snapshots and what each added")];
        Add(_index);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(_index);
        IReadOnlyList<SnapshotDescription> snapshots = await client.ListSnapshotsAsync(index, cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new SnapshotList { Snapshots = snapshots }, JsonOutput.Readable.SnapshotList);
        }
        else if (snapshots.Count == 0)
        {
            Terminal.Say($"Index '{index}' has no snapshot yet. Take one: platform snapshot create {index} NAME");
        }
        else
        {
            IndexTables.WriteSnapshots(Terminal, snapshots);
        }

        return ExitCodes.Ok;
    }
}
