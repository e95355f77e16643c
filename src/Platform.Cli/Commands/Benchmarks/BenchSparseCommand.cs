using System.CommandLine;
using Platform.Cli.Output;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Benchmarks;

/// <summary><c>platform bench sparse</c></summary>
internal sealed class BenchSparseCommand : CliCommand
{
    private static readonly SparseBenchmarkOptions Defaults = new();

    private readonly Terminal _terminal;
    private readonly Option<int> _documents = Number("--documents", "N", "Documents to make, 1 to 20,000,000; about 135 postings each.", Defaults.Documents);
    private readonly Option<int> _vocabulary = Number("--vocabulary", "N", "Different terms, 16 to 16,777,216.", Defaults.Vocabulary);
    private readonly Option<ulong> _seed = Number("--seed", "N", "What the documents and queries are drawn from: one seed, one collection.", Defaults.Seed);
    private readonly Option<int> _queries = Number("--queries", "N", "Queries to time, at each k and with each algorithm, 0 (none) to 1,000,000.", Defaults.Queries);
    private readonly Option<int?> _checked = new("--checked")
    {
        HelpName = "N",
        Description = "Queries whose answers are compared with a dot product over all documents. Without it, as many as --queries.",
    };

    private readonly Option<int> _threads = Number("--threads", "N", "Threads of building, and of the second throughput.", Math.Max(2, Environment.ProcessorCount));
    private readonly Option<string?> _segment = new("--segment")
    {
        HelpName = "FILE",
        Description = "Keep the segment in this file, with an account of its building beside it, and don't build it again if it is there.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

    public BenchSparseCommand(Terminal terminal)
        : base("sparse", "measure the learned-sparse index: size, exactness, speed")
    {
        _terminal = terminal;
        Details =
        [
            "Makes a collection with the statistics of SPLADE on MS MARCO, writes it as one segment into the temporary folder, maps it, "
            + "and asks at k 10, 100 and 1,000. 'Planned' is what a search does by default; 'Exhaustive' adds every posting; the others "
            + "are approximate, and their recall stands beside their time. Contenders take turns, each on another query, and the fastest "
            + "of three passes of a query counts. One million documents need about 0.7 GB of memory, 0.5 GB of the temporary folder and some minutes.",
            "The exit status is 1 if an exact answer differs from the dot product.",
        ];
        Examples =
        [
            new("platform bench sparse", "Measure on a hundred thousand documents"),
            new("platform bench sparse --documents 1000000 --vocabulary 128256", "Measure with Llama's vocabulary"),
            new(
                "platform bench sparse --documents 1000000 --segment /tmp/million --queries 0 --checked 10000",
                "Compare ten thousand queries' answers and time nothing; the segment is there for the next run"),
            new(
                "platform bench sparse --documents 20000 --seed 7 --json | jq .speedup_vs_exhaustive_k10",
                "One number for another program"),
        ];
        foreach (Option option in new Option[] { _documents, _vocabulary, _seed, _queries, _checked, _threads, _segment, _json })
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        int queries = arguments.GetValue(_queries);
        var options = new SparseBenchmarkOptions
        {
            Documents = arguments.GetValue(_documents),
            Vocabulary = arguments.GetValue(_vocabulary),
            Seed = arguments.GetValue(_seed),
            Queries = queries,
            CheckedQueries = arguments.GetValue(_checked) ?? queries,
            Threads = arguments.GetValue(_threads),
            SegmentPath = arguments.GetValue(_segment),
        };
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0)
        {
            throw CommandFaultException.Usage(string.Join(' ', faults));
        }

        bool json = arguments.GetValue(_json);
        var progress = StepProgress.Of(_terminal, forPrograms: json);
        SparseBenchmarkReport report = await Task.Run(() => Run(options, progress, cancellationToken), cancellationToken);
        if (json)
        {
            JsonOutput.Write(_terminal, report, JsonOutput.Readable.SparseBenchmarkReport);
        }
        else
        {
            SparseBenchmarkTable.Write(_terminal, report);
        }

        return report.Mismatches == 0
            ? ExitCodes.Ok
            : throw CommandFaultException.Failed(
                $"{Figures.Count(report.Mismatches, "answer")} of {Figures.Count(report.Checked)} differ from the dot product.");
    }

    private static SparseBenchmarkReport Run(SparseBenchmarkOptions options, StepProgress? progress, CancellationToken cancellationToken)
    {
        try
        {
            return SparseBenchmark.Run(options, progress, cancellationToken);
        }
        catch (InvalidDataException fault)
        {
            throw CommandFaultException.Usage(fault.Message);
        }
    }

    private static Option<T> Number<T>(string name, string unit, string description, T missing) => new(name)
    {
        HelpName = unit,
        Description = description,
        DefaultValueFactory = _ => missing,
    };
}
