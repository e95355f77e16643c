using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index count INDEX</c></summary>
internal sealed class IndexCountCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();
    private readonly Option<string?> _filter = FilterText.NewOption("Count only documents that match, for example {\"eq\": {\"lang\": \"en\"}}.");

    public IndexCountCommand(Terminal terminal)
        : base(terminal, "count", "count an index's documents, or those that match a filter")
    {
        Details = ["A filter looks at the fields that the index declares. The exit status is 3 where a shard did not answer: the count then covers only the others."];
        Examples =
        [
            new("platform index count articles", "Count all documents"),
            new("platform index count articles --filter '{\"range\": {\"year\": {\"gte\": 2000}}}'", "Count those since 2000"),
        ];
        Add(_name);
        Add(_filter);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        CountResponse answer = await client.CountAsync(
            arguments.GetRequiredValue(_name), FilterText.Parse(arguments.GetValue(_filter)), cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, answer, JsonOutput.Readable.CountResponse);
        }
        else
        {
            Terminal.Print(Figures.Count(answer.Count, "document"));
        }

        return CoverageLine.ExitCode(Terminal, answer.Coverage);
    }
}
