using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;

namespace Platform.Cli.Commands.Indexes;

/// <summary>A command that asks a running platform one thing and prints the answer, as text or as JSON.</summary>
internal abstract class ClientCommand : CliCommand
{
    private readonly ConnectionOptions _connection;

    protected ClientCommand(Terminal terminal, string name, string summary)
        : base(name, summary)
    {
        Terminal = terminal;
        _connection = new ConnectionOptions(terminal);
    }

    protected Terminal Terminal { get; }

    /// <summary>Prints the answer for a program.</summary>
    protected Option<bool> Json { get; } = new("--json") { Description = "Print the answer as one JSON object." };

    /// <summary>Adds the options that all such commands share, after the command's own, and its action.</summary>
    protected void Complete()
    {
        Add(Json);
        _connection.AddTo(this);
        SetAction(async (arguments, cancellationToken) =>
        {
            using PlatformClient client = _connection.Open(arguments);
            return await AskAsync(client, arguments, cancellationToken);
        });
    }

    /// <summary>Asks and prints; returns the exit code.</summary>
    protected abstract Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken);

    /// <summary>The argument that names an existing index.</summary>
    protected static Argument<string> NewIndexArgument() => new("INDEX") { Description = "The index's name." };
}
