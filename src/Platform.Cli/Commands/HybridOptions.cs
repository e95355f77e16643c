using System.CommandLine;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary>Which legs a search has, and how they are fused, by options.</summary>
internal sealed class HybridOptions
{
    private readonly Option<string?> _mode = new("--mode")
    {
        HelpName = "NAME",
        Description = "lexical, sparse, dense or hybrid: what the text is searched by. Without it, by the index's encoder.",
    };

    private readonly Option<string> _fusion = new("--fusion")
    {
        HelpName = "NAME",
        Description = "How a hybrid search joins its two lists: rrf (by ranks), min_max or z_score (by scores).",
        DefaultValueFactory = _ => "rrf",
    };

    private readonly Option<int> _k = new("--rrf-k")
    {
        HelpName = "N",
        Description = "The k of reciprocal rank fusion, 1 to 100,000.",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<double> _weight = new("--dense-weight")
    {
        HelpName = "X",
        Description = "The dense list's share in min_max and z_score, 0 to 1.",
        DefaultValueFactory = _ => 0.5,
    };

    private readonly Option<int?> _depth = new("--fusion-depth")
    {
        HelpName = "N",
        Description = "How many best hits of each list are joined, 1 to 10,000. Without it, 100 or as many as are asked for.",
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_mode, _fusion, _k, _weight, _depth];

    /// <summary>The mode; null for what the query gives.</summary>
    public string? ModeOf(ParseResult arguments) => arguments.GetValue(_mode);

    /// <summary>How lists are joined; null if the search has one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="isHybrid">Whether it has two.</param>
    /// <param name="hits">How many hits are asked for, counted from the first.</param>
    public FusionSpec? FusionOf(ParseResult arguments, bool isHybrid, int hits) => !isHybrid ? null : new FusionSpec
    {
        Method = arguments.GetRequiredValue(_fusion),
        K = arguments.GetValue(_k),
        DenseWeight = arguments.GetValue(_weight),
        Depth = arguments.GetValue(_depth) ?? Math.Max(new FusionSpec().Depth, hits),
    };
}
