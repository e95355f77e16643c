using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot create INDEX NAME</c></summary>
internal sealed class SnapshotCreateCommand : OperationCommand
{
    private readonly Argument<string> _name = NewSnapshotArgument();

    public SnapshotCreateCommand(Terminal terminal)
        : base(terminal, "create", "take a snapshot of an index")
    {
        Details =
        [
            "The snapshot is the state of the whole index at one moment after the call: no write is in it without those that were acknowledged before "
            + "it was sent. Writes wait a fraction of a second at that moment and go on while files are copied; what earlier snapshots have is not copied again.",
        ];
        Examples =
        [
            new("platform snapshot create articles monday", "Take a snapshot while writes go on"),
            new("platform snapshot create articles monday --no-wait", "Begin, and look later: platform index operations articles"),
        ];
        Add(Index);
        Add(_name);
        CompleteOperation();
    }

    /// <summary>The argument that names a snapshot.</summary>
    internal static Argument<string> NewSnapshotArgument() => new("NAME") { Description = "The snapshot's name, unique within the index." };

    protected override Task<OperationDescription> BeginAsync(PlatformClient client, string index, ParseResult arguments, CancellationToken cancellationToken) =>
        client.BeginSnapshotAsync(index, arguments.GetRequiredValue(_name), cancellationToken);
}
