using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot restore INDEX NAME --as NEW</c></summary>
internal sealed class SnapshotRestoreCommand : OperationCommand
{
    private readonly Argument<string> _name = SnapshotCreateCommand.NewSnapshotArgument();
    private readonly Option<string> _target = new("--as") { HelpName = "INDEX", Description = "The name of the new index.", Required = true };
    private readonly Option<int> _shards = new("--shards") { HelpName = "N", Description = "Its shards, a power of two. Without it, as many as the snapshot has." };

    public SnapshotRestoreCommand(Terminal terminal)
        : base(terminal, "restore", "make a new index of a snapshot")
    {
        Details =
        [
            "Every file is checked as it is copied: a snapshot that is damaged or cut off is refused, with the file's name. The new index is there once "
            + "all is copied; until then, and after a fault, there is nothing of it.",
        ];
        Examples =
        [
            new("platform snapshot restore articles monday --as articles-monday", "Make an index beside the present one"),
            new("platform snapshot restore articles monday --as articles-wide --shards 8", "Divide it anew"),
        ];
        Add(Index);
        Add(_name);
        Add(_target);
        Add(_shards);
        CompleteOperation();
    }

    protected override Task<OperationDescription> BeginAsync(PlatformClient client, string index, ParseResult arguments, CancellationToken cancellationToken) =>
        client.BeginRestoreAsync(
            index,
            arguments.GetRequiredValue(_name),
            new RestoreSpec { Index = arguments.GetRequiredValue(_target), Shards = arguments.GetValue(_shards) },
            cancellationToken);
}
