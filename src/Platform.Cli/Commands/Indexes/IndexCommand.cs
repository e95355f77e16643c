using Platform.Cli.Output;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index ...</c>: the group of commands on indexes.</summary>
internal sealed class IndexCommand : CliCommand
{
    public IndexCommand(Terminal terminal)
        : base("index", "create, list, show, measure, reshape, import, export and delete indexes")
    {
        Details =
        [
            "An index belongs to the tenant of the API key. Its encoder and its constants are fixed when it is created; to "
            + "change them, make another index and ingest again. Its shards split, merge and move while it is read and written; their "
            + "number never changes a score or an order.",
        ];
        Examples =
        [
            new("platform index create articles --shards 4", "Make an index of four shards"),
            new("platform index list", "See what there is"),
            new("platform index stats articles", "See how many documents and bytes each shard holds"),
        ];
        Add(new IndexCreateCommand(terminal));
        Add(new IndexListCommand(terminal));
        Add(new IndexShowCommand(terminal));
        Add(new IndexStatsCommand(terminal));
        Add(new IndexCountCommand(terminal));
        Add(new IndexQuantisationCommand(terminal));
        Add(new IndexImportCommand(terminal));
        Add(new IndexExportCommand(terminal));
        Add(new IndexShardsCommand(terminal));
        Add(new IndexSplitCommand(terminal));
        Add(new IndexMergeCommand(terminal));
        Add(new IndexMoveCommand(terminal));
        Add(new IndexRebalanceCommand(terminal));
        Add(new IndexOperationsCommand(terminal));
        Add(new IndexPurgeCommand(terminal));
        Add(new IndexDeleteCommand(terminal));
    }
}
