using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary>A command that begins an operation on an index's shards.</summary>
internal abstract class ShardOperationCommand(Terminal terminal, string name, string summary) : OperationCommand(terminal, name, summary)
{
    /// <summary>What to ask for.</summary>
    protected abstract OperationSpec SpecOf(ParseResult arguments);

    protected override Task<OperationDescription> BeginAsync(PlatformClient client, string index, ParseResult arguments, CancellationToken cancellationToken) =>
        client.BeginOperationAsync(index, SpecOf(arguments), cancellationToken);
}
