using Platform.Cli.Output;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot ...</c>: the group of commands on snapshots.</summary>
internal sealed class SnapshotCommand : CliCommand
{
    public SnapshotCommand(Terminal terminal)
        : base("snapshot", "create, list, restore and delete snapshots of indexes")
    {
        Details =
        [
            "A snapshot holds all that was acknowledged before it was asked for, and nothing that was sent after it was done; writes go on "
            + "meanwhile. Snapshots of an index share what they have in common, stay when it is deleted, and are checked when they are restored.",
        ];
        Examples =
        [
            new("platform snapshot create articles monday", "Take a snapshot"),
            new("platform snapshot list articles", "See what there is"),
            new("platform snapshot restore articles monday --as articles-monday", "Make an index of it, beside the present one"),
        ];
        Add(new SnapshotCreateCommand(terminal));
        Add(new SnapshotListCommand(terminal));
        Add(new SnapshotRestoreCommand(terminal));
        Add(new SnapshotDeleteCommand(terminal));
    }
}
