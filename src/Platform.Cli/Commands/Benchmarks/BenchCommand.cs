using Platform.Cli.Output;

namespace Platform.Cli.Commands.Benchmarks;

/// <summary><c>platform bench ...</c>: the group of benchmarks.</summary>
internal sealed class BenchCommand : CliCommand
{
    public BenchCommand(Terminal terminal)
        : base("bench", "measure the index structures on this machine")
    {
        Details =
        [
            "Each benchmark makes its own collection from a seed, in this process and with no platform running, compares every kind of "
            + "answer with a slow and obvious one, and then measures. Run it on a machine that does nothing else.",
        ];
        Examples = [new("platform bench sparse --documents 100000", "Measure the sparse index on a hundred thousand documents")];
        Add(new BenchSparseCommand(terminal));
    }
}
