using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index list</c></summary>
internal sealed class IndexListCommand : ClientCommand
{
    public IndexListCommand(Terminal terminal)
        : base(terminal, "list", "list the tenant's indexes")
    {
        Examples =
        [
            new("platform index list", "See all indexes by name"),
            new("platform index list --json | jq -r '.indexes[].name'", "Names for another program"),
        ];
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexDescription> indexes = await client.ListIndexesAsync(cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new IndexList { Indexes = indexes }, JsonOutput.Readable.IndexList);
        }
        else if (indexes.Count == 0)
        {
            Terminal.Say("There is no index yet. Make one: platform index create NAME");
        }
        else
        {
            IndexTables.WriteList(Terminal, indexes);
        }

        return ExitCodes.Ok;
    }
}
