using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index stats INDEX</c></summary>
internal sealed class IndexStatsCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();

    public IndexStatsCommand(Terminal terminal)
        : base(terminal, "stats", "measure an index and each of its shards")
    {
        Details = ["The exit status is 3 where a shard did not answer: the sums then cover only the others."];
        Examples =
        [
            new("platform index stats articles", "See documents, postings, bytes and silos, shard by shard"),
            new("platform index stats articles --json | jq .documents", "The number of searchable documents for another program"),
        ];
        Add(_name);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        IndexStatistics statistics = await client.GetStatisticsAsync(name, cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, statistics, JsonOutput.Readable.IndexStatistics);
        }
        else
        {
            IndexTables.WriteStatistics(Terminal, name, statistics);
        }

        return CoverageLine.ExitCode(Terminal, statistics.Coverage);
    }
}
