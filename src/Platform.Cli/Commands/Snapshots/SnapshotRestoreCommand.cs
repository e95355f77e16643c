using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Snapshots;

/// <summary><c>platform snapshot restore INDEX NAME --as NEW</c></summary>
internal sealed class SnapshotRestoreCommand : ClientCommand
{
    private readonly Argument<string> _index = NewIndexArgument();
    private readonly Argument<string> _name = SnapshotCreateCommand.NewSnapshotArgument();
    private readonly Option<string> _target = new("--as") { HelpName = "INDEX", Description = "The name of the new index.", Required = true };
    private readonly Option<int> _shards = new("--shards") { HelpName = "N", Description = "Its shards, a power of two. Without it, as many as the snapshot has." };

    public SnapshotRestoreCommand(Terminal terminal)
        : base(terminal, "restore", "make a new index of a snapshot")
    {
        Details = ["Every file is checked first: a snapshot that is damaged or cut off is refused, with the file's name, and leaves nothing behind."];
        Examples =
        [
            new("platform snapshot restore articles monday --as articles-monday", "Make an index beside the present one"),
            new("platform snapshot restore articles monday --as articles-wide --shards 8", "Divide it anew"),
        ];
        Add(_index);
        Add(_name);
        Add(_target);
        Add(_shards);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        var spec = new RestoreSpec { Index = arguments.GetRequiredValue(_target), Shards = arguments.GetValue(_shards) };
        IndexDescription made = await client.RestoreSnapshotAsync(
            arguments.GetRequiredValue(_index), arguments.GetRequiredValue(_name), spec, cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, made, JsonOutput.Readable.IndexDescription);
        }
        else
        {
            Terminal.Print($"Made index '{made.Name}' of {made.Shards} shards.");
        }

        return ExitCodes.Ok;
    }
}
