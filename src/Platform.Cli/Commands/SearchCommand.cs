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
    private readonly Argument<string?> _text = new("TEXT")
    {
        Description = "What to look for, in quotes. May be left out where --dense gives a vector.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _top = new("--top")
    {
        HelpName = "N",
        Description = "How many hits; together with --offset at most 10,000.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<int> _offset = new("--offset")
    {
        HelpName = "N",
        Description = "How many of the best hits to leave out.",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "Show the terms that matched, and what each adds to the score.",
    };

    private readonly Option<int> _deadline = new("--deadline")
    {
        HelpName = "MS",
        Description = "Milliseconds for the whole query, 1 to 60,000; shards that are later are left out, and the exit status is 3.",
        DefaultValueFactory = _ => 5_000,
    };

    private readonly PruningOptions _pruning = new();
    private readonly HybridOptions _hybrid = new();
    private readonly Option<string?> _dense = new("--dense")
    {
        HelpName = "VECTOR",
        Description = "A dense query: a JSON array, or base64 of little-endian 32-bit floats. Beside a text the search is hybrid.",
    };

    public SearchCommand(Terminal terminal)
        : base(terminal, "search", "find the best documents for a text")
    {
        Details =
        [
            "Prints the hits best first, equal scores by id. Scores are the inner product of query and document; they are the same "
            + "whatever the number of shards.",
            "In an index of learned sparse vectors a search is exact, unless a factor allows it to leave blocks or query terms out; the answer says "
            + "what it was run with, and with --explain what it touched.",
            "A hybrid search runs two searches at once, by the index's encoder and by dense vectors, and joins their best hits; its scores are not inner "
            + "products. With --explain each hit says at which rank and with which score each of the two found it.",
        ];
        Examples =
        [
            new("platform search articles \"wing in a slipstream\"", "Find the ten best documents"),
            new("platform search articles \"heat transfer\" --top 3 --explain", "See why the best three were found"),
            new(
                "platform search articles \"heat transfer\" --top 100 --json | jq -r '.hits[].id'",
                "Ids of the best hundred for another program"),
            new(
                "platform search articles \"heat transfer\" --mode hybrid --explain",
                "Join the hits by words and by a model's dense vectors, and see what each list says"),
            new("platform search vectors --dense \"[0.1, -0.4, 0.9]\"", "Search by a dense vector of your own"),
            new(
                "platform search passages \"heat transfer\" --block-factor 0.8 --query-term-share 0.9 --explain",
                "Search a model's index faster than exactly, and see how much was touched"),
        ];
        Add(_index);
        Add(_text);
        Add(_top);
        Add(_offset);
        Add(_explain);
        Add(_dense);
        foreach (Option option in _hybrid.All.Concat(_pruning.All))
        {
            Add(option);
        }

        Add(_deadline);
        Validators.Add(result =>
        {
            if (result.GetValue(_text) is null && result.GetValue(_dense) is null)
            {
                result.AddError("Required argument 'TEXT' missing: say what to look for, or give a vector with --dense.");
            }
        });
        Complete();
    }

    protected override async Task<int> AskAsync(
        PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string? text = arguments.GetValue(_text);
        DenseVector? dense = arguments.GetValue(_dense) is { } given ? VectorText.Parse("--dense", given) : null;
        string? mode = _hybrid.ModeOf(arguments);
        bool isHybrid = string.Equals(mode, "hybrid", StringComparison.Ordinal) || (mode is null && text is not null && dense is not null);
        int offset = arguments.GetValue(_offset);
        SearchResponse answer = await client.SearchAsync(
            arguments.GetRequiredValue(_index),
            new SearchRequest
            {
                Text = text,
                Dense = dense,
                Mode = mode,
                Fusion = _hybrid.FusionOf(arguments, isHybrid, arguments.GetValue(_top) + offset),
                Top = arguments.GetValue(_top),
                Offset = offset,
                Explain = arguments.GetValue(_explain),
                Pruning = _pruning.Read(arguments),
                DeadlineMilliseconds = arguments.GetValue(_deadline),
            },
            cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, answer, JsonOutput.Readable.SearchResponse);
        }
        else
        {
            SearchView.Write(Terminal, text ?? "", answer, offset + 1);
        }

        return CoverageLine.ExitCode(Terminal, answer.Coverage);
    }
}
