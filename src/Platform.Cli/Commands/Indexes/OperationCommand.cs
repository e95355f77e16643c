using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary>A command that begins an operation on an index, and by default waits for its end.</summary>
internal abstract class OperationCommand : ClientCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return once it has begun. 'platform index operations' tells how it goes on." };

    protected OperationCommand(Terminal terminal, string name, string summary)
        : base(terminal, name, summary)
    {
    }

    /// <summary>The index.</summary>
    protected Argument<string> Index { get; } = NewIndexArgument();

    /// <summary>Adds the options that all such commands share.</summary>
    protected void CompleteOperation()
    {
        Add(_noWait);
        Complete();
    }

    /// <summary>Asks for it.</summary>
    protected abstract Task<OperationDescription> BeginAsync(PlatformClient client, string index, ParseResult arguments, CancellationToken cancellationToken);

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(Index);
        OperationDescription operation = await BeginAsync(client, index, arguments, cancellationToken);
        if (operation.State == "running" && !arguments.GetValue(_noWait))
        {
            if (!arguments.GetValue(Json))
            {
                Terminal.Say($"Operation {operation.Id} has begun; it goes on if this command is stopped.");
            }

            operation = await EndOfAsync(client, index, operation, !arguments.GetValue(Json), cancellationToken);
        }

        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, operation, JsonOutput.Readable.OperationDescription);
        }
        else
        {
            OperationTables.WriteOne(Terminal, operation);
        }

        return operation.State is "failed" or "cancelled" ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private async Task<OperationDescription> EndOfAsync(
        PlatformClient client, string index, OperationDescription operation, bool tells, CancellationToken cancellationToken)
    {
        string told = "";
        while (operation.State == "running")
        {
            string now = OperationTables.ProgressOf(operation);
            if (tells && now != told)
            {
                Terminal.Say(operation.Message is { } message ? $"{now}: {message}" : now);
                told = now;
            }

            await Task.Delay(BetweenLooks, Terminal.Time, cancellationToken);
            operation = await client.GetOperationAsync(index, operation.Id, cancellationToken)
                ?? throw CommandFaultException.Failed($"Operation '{operation.Id}' is gone: was index '{index}' deleted?");
        }

        return operation;
    }
}
