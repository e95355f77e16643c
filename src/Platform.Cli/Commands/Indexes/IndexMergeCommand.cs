using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index merge INDEX --into N</c></summary>
internal sealed class IndexMergeCommand : ShardOperationCommand
{
    private readonly Option<int> _into = new("--into")
    {
        HelpName = "N",
        Description = "How many shards come out.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int[]> _shards = new("--shard")
    {
        HelpName = "SHARD",
        Description = "Merge these neighbours only; give the option for each. Without it, all shards.",
    };

    public IndexMergeCommand(Terminal terminal)
        : base(terminal, "merge", "merge shards while the index is read and written")
    {
        Details = ["Shards are neighbours if their hash buckets are: 'platform index shards' lists them in that order."];
        Examples =
        [
            new("platform index merge articles --into 2", "Make two shards of all"),
            new("platform index merge articles --shard 4 --shard 5", "Make one shard of two neighbours"),
        ];
        Add(Index);
        Add(_into);
        Add(_shards);
        CompleteOperation();
    }

    protected override OperationSpec SpecOf(ParseResult arguments) => new()
    {
        Kind = "merge",
        Into = arguments.GetValue(_into),
        Shards = arguments.GetValue(_shards) is { Length: > 0 } shards ? shards : null,
    };
}
