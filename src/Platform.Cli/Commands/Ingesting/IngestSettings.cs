using System.CommandLine;
using Platform.Client.Ingest;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>What every command that writes documents can be told: sizes, retries, where failures go.</summary>
internal sealed class IngestSettings
{
    private readonly Option<int> _batch = new("--batch")
    {
        HelpName = "N",
        Description = "Documents a request, 1 to 10,000.",
        DefaultValueFactory = _ => 1_000,
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        HelpName = "N",
        Description = "Requests under way at once, 1 to 64.",
        DefaultValueFactory = _ => 4,
    };

    private readonly Option<int> _retries = new("--retries")
    {
        HelpName = "N",
        Description = "How often a request is repeated while the service is away, 0 to 100.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string?> _failures = new("--failures")
    {
        HelpName = "FILE",
        Description = "Write every failed document to a file, one JSON object a line.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the counts as one JSON object." };

    /// <summary>The options, in the order in which the manual lists them.</summary>
    public IReadOnlyList<Option> All => [_batch, _parallel, _retries, _failures, _json];

    /// <summary>Where all failures are written; null for nowhere.</summary>
    public string? FailuresFile(ParseResult arguments) => arguments.GetValue(_failures);

    /// <summary>Whether a program reads the output.</summary>
    public bool IsJson(ParseResult arguments) => arguments.GetValue(_json);

    /// <summary>Sizes and retries.</summary>
    /// <exception cref="CommandFaultException">One is out of range.</exception>
    public IngestOptions Read(ParseResult arguments)
    {
        var options = new IngestOptions
        {
            MaxItemsPerRequest = arguments.GetValue(_batch),
            MaxRequestsInFlight = arguments.GetValue(_parallel),
            MaxRetries = arguments.GetValue(_retries),
        };
        (string Property, string Option)[] names =
        [
            (nameof(options.MaxItemsPerRequest), "--batch"),
            (nameof(options.MaxRequestsInFlight), "--parallel"),
            (nameof(options.MaxRetries), "--retries"),
        ];
        return options.Faults() is { Count: > 0 } faults
            ? throw CommandFaultException.Usage(names.Aggregate(
                string.Join(' ', faults),
                (text, name) => text.Replace(name.Property, name.Option, StringComparison.Ordinal)))
            : options;
    }
}
