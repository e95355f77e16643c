using System.CommandLine;
using Platform.Cli.Output;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary>A command on the model store of this machine; it needs no running platform.</summary>
internal abstract class StoreCommand : CliCommand
{
    private readonly ModelsOption _models;

    protected StoreCommand(Terminal terminal, string name, string summary)
        : base(name, summary)
    {
        Terminal = terminal;
        _models = new ModelsOption(terminal);
    }

    protected Terminal Terminal { get; }

    /// <summary>Prints the answer for a program.</summary>
    protected Option<bool> Json { get; } = new("--json") { Description = "Print the answer as one JSON object." };

    /// <summary>Adds the options that all such commands share, after the command's own, and its action.</summary>
    protected void Complete()
    {
        Add(_models.Option);
        Add(Json);
        SetAction((arguments, cancellationToken) => WorkAsync(_models.Open(arguments), arguments, cancellationToken));
    }

    /// <summary>Does the work and prints; returns the exit code.</summary>
    protected abstract Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken);

    /// <summary>The argument that names a model of the store or a folder.</summary>
    protected static Argument<string> NewModelArgument() =>
        new("MODEL") { Description = "A model of the store, as ID or ID/VERSION, or the folder of one." };

    /// <summary>Works with a progress bar that counts bytes.</summary>
    protected Task<T> WithProgressAsync<T>(string title, long totalBytes, bool forPrograms, Func<IProgress<long>, Task<T>> workAsync) =>
        WorkProgress.RunAsync(Terminal, title, "MB", forPrograms, progress => workAsync(new Megabytes(progress, totalBytes)));
}
