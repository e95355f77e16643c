using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index show INDEX</c></summary>
internal sealed class IndexShowCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();

    public IndexShowCommand(Terminal terminal)
        : base(terminal, "show", "show how an index was made")
    {
        Examples = [new("platform index show articles", "See its shards, encoder and constants")];
        Add(_name);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        IndexDescription index = await client.GetIndexAsync(name, cancellationToken)
            ?? throw CommandFaultException.Failed($"There is no index '{name}'. 'platform index list' shows what there is.");
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, index, JsonOutput.Readable.IndexDescription);
        }
        else
        {
            IndexTables.WriteOne(Terminal, index);
        }

        return ExitCodes.Ok;
    }
}
