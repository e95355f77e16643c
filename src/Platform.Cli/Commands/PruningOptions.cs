using System.CommandLine;
using System.Globalization;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary>Approximate search on a command line: what a sparse search may leave out.</summary>
internal sealed class PruningOptions
{
    private readonly Option<double?> _superblockFactor = NewFactor(
        "--superblock-factor", "Visit a superblock of documents if its bound times this reaches the threshold (μ of superblock pruning).");

    private readonly Option<double?> _blockFactor = NewFactor(
        "--block-factor", "Visit a block of documents if its bound times this reaches the threshold (α of block-max pruning).");

    private readonly Option<double?> _queryTermShare = NewFactor(
        "--query-term-share", "Use the strongest query terms that hold this share of the query's weight (β of block-max pruning).");

    /// <summary>The options, in the order in which the manual lists them.</summary>
    public IReadOnlyList<Option> All => [_superblockFactor, _blockFactor, _queryTermShare];

    /// <summary>What the command line says; null for an exact search. The service checks the ranges.</summary>
    public PruningSpec? Read(ParseResult arguments)
    {
        double? superblockFactor = arguments.GetValue(_superblockFactor);
        double? blockFactor = arguments.GetValue(_blockFactor);
        double? queryTermShare = arguments.GetValue(_queryTermShare);
        return (superblockFactor ?? blockFactor ?? queryTermShare) is null
            ? null
            : new PruningSpec { SuperblockFactor = superblockFactor ?? 1, BlockFactor = blockFactor ?? 1, QueryTermShare = queryTermShare ?? 1 };
    }

    /// <summary>The factors in one line.</summary>
    public static string Describe(PruningSpec pruning) => string.Create(
        CultureInfo.InvariantCulture,
        $"superblock factor {pruning.SuperblockFactor}, block factor {pruning.BlockFactor}, query-term share {pruning.QueryTermShare}");

    private static Option<double?> NewFactor(string name, string meaning) => new(name)
    {
        HelpName = "X",
        Description = meaning + " Above 0 and at most 1; 1, as without it, leaves nothing out.",
    };
}
