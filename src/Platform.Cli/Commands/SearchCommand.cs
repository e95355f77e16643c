using System.CommandLine;
using System.Globalization;
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

    private readonly Option<string?> _filter = FilterText.NewOption(
        "Find only documents that match, by the index's declared fields: and, or, not, eq, in, range, exists, prefix.");

    private readonly Option<string[]> _fields = new("--fields")
    {
        HelpName = "NAME",
        Description = "Which stored fields hits carry: title, text, fields, or fields.NAME; 'none' for ids and scores only. All by default. May be given again.",
    };

    private readonly Option<string[]> _facets = new("--facet")
    {
        HelpName = "FIELD",
        Description = "Count the values of a declared field over all documents that the search matches; FIELD=N for the N most frequent. May be given again.",
    };

    private readonly Option<string?> _sort = new("--sort")
    {
        HelpName = "FIELD",
        Description = "Order what the search matches by a declared field, and not by score; FIELD:desc for the largest first.",
    };

    private readonly Option<string?> _group = new("--group")
    {
        HelpName = "FIELD",
        Description = "Group the hits by a declared field, and show the best of each group; FIELD=N for the N best of each. --top counts groups then.",
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
            new(
                "platform search articles \"heat transfer\" --filter '{\"and\": [{\"eq\": {\"lang\": \"en\"}}, {\"range\": {\"year\": {\"gte\": 2000}}}]}' --facet tags=5",
                "Find the best English documents since 2000, and see which tags all such documents have"),
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
        Add(_filter);
        Add(_fields);
        Add(_facets);
        Add(_sort);
        Add(_group);
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
                Filter = FilterText.Parse(arguments.GetValue(_filter)),
                Fields = FieldsOf(arguments.GetValue(_fields)),
                Facets = FacetsOf(arguments.GetValue(_facets)),
                Sort = SortOf(arguments.GetValue(_sort)),
                Group = GroupOf(arguments.GetValue(_group)),
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

    private static SortSpec? SortOf(string? field) => field is null ? null
        : field.Split(':') is [var name, var order] ? new SortSpec { Field = name, Order = order }
        : new SortSpec { Field = field };

    private static string[]? FieldsOf(string[]? names) => names switch
    {
        null or [] => null,
        ["none"] => [],
        _ => names,
    };

    private static IReadOnlyList<FacetSpec>? FacetsOf(string[]? facets) => facets is null or [] ? null : [.. facets.Select(facet =>
    {
        (string field, int? top) = FieldAndNumber("--facet", facet);
        return top is { } number ? new FacetSpec { Field = field, Top = number } : new FacetSpec { Field = field };
    })];

    private static GroupSpec? GroupOf(string? group)
    {
        if (group is null)
        {
            return null;
        }

        (string field, int? size) = FieldAndNumber("--group", group);
        return size is { } number ? new GroupSpec { Field = field, Size = number } : new GroupSpec { Field = field };
    }

    private static (string Field, int? Number) FieldAndNumber(string option, string text)
    {
        int at = text.LastIndexOf('=');
        return at < 0 ? (text, null)
            : int.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? (text[..at], number)
            : throw CommandFaultException.Usage($"{option} '{text}' is neither FIELD nor FIELD=N; for example {option} lang=5.");
    }
}
