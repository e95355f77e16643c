using System.CommandLine;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary>BM25's two constants on a command line: <c>--k1</c> and <c>--b</c>.</summary>
internal sealed class Bm25Options
{
    private readonly Option<double> _k1 = new("--k1")
    {
        HelpName = "X",
        Description = "BM25's saturation of repeated terms, 0 to 10.",
        DefaultValueFactory = _ => new Bm25Spec().K1,
    };

    private readonly Option<double> _b = new("--b")
    {
        HelpName = "X",
        Description = "BM25's normalisation by length, 0 to 1.",
        DefaultValueFactory = _ => new Bm25Spec().B,
    };

    /// <summary>The options, in the order in which the manual lists them.</summary>
    public IReadOnlyList<Option> All => [_k1, _b];

    /// <summary>What the command line says; the service checks the ranges.</summary>
    public Bm25Spec Read(ParseResult arguments) => new() { K1 = arguments.GetValue(_k1), B = arguments.GetValue(_b) };
}
