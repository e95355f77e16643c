using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot create INDEX NAME</c></summary>
internal sealed class SnapshotCreateCommand : ClientCommand
{
    private readonly Argument<string> _index = NewIndexArgument();
    private readonly Argument<string> _name = NewSnapshotArgument();

    public SnapshotCreateCommand(Terminal terminal)
        : base(terminal, "create", "take a snapshot of an index")
    {
        Details = ["What earlier snapshots of the index have is not copied again."];
        Examples = [new("platform snapshot create articles monday", "Take a snapshot while writes go on")];
        Add(_index);
        Add(_name);
        Complete();
    }

    /// <summary>The argument that names a snapshot.</summary>
    internal static Argument<string> NewSnapshotArgument() => new("NAME") { Description = "The snapshot's name, unique within the index." };

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string index = arguments.GetRequiredValue(_index);
        SnapshotDescription made = await client.CreateSnapshotAsync(index, arguments.GetRequiredValue(_name), cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, made, JsonOutput.Readable.SnapshotDescription);
        }
        else
        {
            Terminal.Print($"Took snapshot '{made.Name}' of index '{index}': {Figures.Bytes(made.Bytes)} in {made.Files} files, {Figures.Bytes(made.AddedBytes)} of them new.");
        }

        return ExitCodes.Ok;
    }
}
