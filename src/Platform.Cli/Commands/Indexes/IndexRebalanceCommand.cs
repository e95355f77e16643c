using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index rebalance INDEX</c></summary>
internal sealed class IndexRebalanceCommand : ShardOperationCommand
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say which shards would move." };

    public IndexRebalanceCommand(Terminal terminal)
        : base(terminal, "rebalance", "move shards so that no silo holds much more of the index than another")
    {
        Details = ["The platform balances by itself every few seconds, over all indexes; this command looks at one index, and does not wait."];
        Examples =
        [
            new("platform index rebalance articles --dry-run", "See what would move"),
            new("platform index rebalance articles", "Move it now"),
        ];
        Add(Index);
        Add(_dryRun);
        CompleteOperation();
    }

    protected override OperationSpec SpecOf(ParseResult arguments) => new() { Kind = "rebalance", DryRun = arguments.GetValue(_dryRun) };
}
