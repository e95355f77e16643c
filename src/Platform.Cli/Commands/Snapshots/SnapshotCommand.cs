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
            "A snapshot is what an index held at one moment; writes go on meanwhile. Snapshots of an index share the files that they have in "
            + "common, stay when it is deleted, and are checked when they are restored. 'platform index operations' shows and ends what takes long.",
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
