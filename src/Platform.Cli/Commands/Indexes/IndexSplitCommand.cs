using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index split INDEX --into N</c></summary>
internal sealed class IndexSplitCommand : ShardOperationCommand
{
    private readonly Option<int> _into = new("--into") { HelpName = "N", Description = "How many shards come out: in all, or of the one shard.", Required = true };

    private readonly Option<int?> _shard = new("--shard") { HelpName = "SHARD", Description = "Split this shard only. Without it, all of them." };

    public IndexSplitCommand(Terminal terminal)
        : base(terminal, "split", "split shards while the index is read and written")
    {
        Details =
        [
            "The new shards share the old one's files at first and rewrite them afterwards. Writes wait a fraction of a second, when the "
            + "new shards take over; no answer changes.",
        ];
        Examples =
        [
            new("platform index split articles --into 8", "Give an index eight shards"),
            new("platform index split articles --shard 3 --into 2", "Split one large shard in two"),
        ];
        Add(Index);
        Add(_into);
        Add(_shard);
        CompleteOperation();
    }

    protected override OperationSpec SpecOf(ParseResult arguments) => new()
    {
        Kind = "split",
        Into = arguments.GetValue(_into),
        Shards = arguments.GetValue(_shard) is { } shard ? [shard] : null,
    };
}
