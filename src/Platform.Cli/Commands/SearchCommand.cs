using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary><c>platform search INDEX TEXT</c></summary>
internal sealed class SearchCommand : ClientCommand
{
    private readonly Argument<string> _index = NewIndexArgument();
    private readonly Argument<string> _text = new("TEXT") { Description = "What to look for, in quotes." };
    private readonly Option<int> _top = new("--top") { HelpName = "N", Description = "How many hits; together with --offset at most 10,000.", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _offset = new("--offset") { HelpName = "N", Description = "How many of the best hits to leave out.", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> _explain = new("--explain") { Description = "Show the terms that matched, and what each adds to the score." };
    private readonly Option<int> _deadline = new("--deadline")
    {
        HelpName = "MS",
        Description = "Milliseconds for the whole query, 1 to 60,000; shards that are later are left out, and the exit status is 3.",
        DefaultValueFactory = _ => 5_000,
    };

    public SearchCommand(Terminal terminal)
        : base(terminal, "search", "find the best documents for a text")
    {
        Details =
        [
            "Prints the hits best first, equal scores by id. Scores are the inner product of query and document; they are the same "
            + "whatever the number of shards.",
        ];
        Examples =
        [
            new("platform search articles \"wing in a slipstream\"", "Find the ten best documents"),
            new("platform search articles \"heat transfer\" --top 3 --explain", "See why the best three were found"),
            new("platform search articles \"heat transfer\" --top 100 --json | jq -r '.hits[].id'", "Ids of the best hundred for another program"),
        ];
        Add(_index);
        Add(_text);
        Add(_top);
        Add(_offset);
        Add(_explain);
        Add(_deadline);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string text = arguments.GetRequiredValue(_text);
        int offset = arguments.GetValue(_offset);
        SearchResponse answer = await client.SearchAsync(
            arguments.GetRequiredValue(_index),
            new SearchRequest
            {
                Text = text,
                Top = arguments.GetValue(_top),
                Offset = offset,
                Explain = arguments.GetValue(_explain),
                DeadlineMilliseconds = arguments.GetValue(_deadline),
            },
            cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, answer, JsonOutput.Readable.SearchResponse);
        }
        else
        {
            SearchView.Write(Terminal, text, answer, offset + 1);
        }

        return CoverageLine.ExitCode(Terminal, answer.Coverage);
    }
}
