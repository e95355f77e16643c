using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index move INDEX SHARD --to SILO</c></summary>
internal sealed class IndexMoveCommand : ShardOperationCommand
{
    private readonly Argument<int> _shard = new("SHARD") { Description = "The shard's number." };

    private readonly Option<string> _to = new("--to") { HelpName = "SILO", Description = "Address and port of the silo, as 'platform index shards' shows it.", Required = true };

    public IndexMoveCommand(Terminal terminal)
        : base(terminal, "move", "move a shard to another silo")
    {
        Details = ["The shard puts its memory into files, leaves, and opens on the other silo; calls that come meanwhile follow it."];
        Examples = [new("platform index move articles 3 --to 10.0.0.7:11111", "Bring shard 3 to another machine")];
        Add(Index);
        Add(_shard);
        Add(_to);
        CompleteOperation();
    }

    protected override OperationSpec SpecOf(ParseResult arguments) =>
        new() { Kind = "move", Shards = [arguments.GetValue(_shard)], Silo = arguments.GetValue(_to) };
}
