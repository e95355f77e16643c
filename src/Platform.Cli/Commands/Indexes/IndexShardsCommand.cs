using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index shards INDEX</c></summary>
internal sealed class IndexShardsCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();

    public IndexShardsCommand(Terminal terminal)
        : base(terminal, "shards", "show who owns which hash buckets, and where")
    {
        Details =
        [
            "A shard is serving; sharing, while it still uses files of the shard that it came from; retiring, while others take its place; "
            + "or missing, if it did not answer: then the exit status is 3.",
        ];
        Examples =
        [
            new("platform index shards articles", "See buckets, documents, bytes and silos of each shard"),
            new("platform index shards articles --json | jq '.shards | length'", "The number of shards for another program"),
        ];
        Add(_name);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        ShardList shards = await client.ListShardsAsync(arguments.GetRequiredValue(_name), cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, shards, JsonOutput.Readable.ShardList);
        }
        else
        {
            OperationTables.WriteShards(Terminal, shards);
        }

        return CoverageLine.ExitCode(Terminal, shards.Coverage);
    }
}
