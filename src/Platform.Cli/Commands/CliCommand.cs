using System.CommandLine;

namespace Platform.Cli.Commands;

/// <summary>A command with its page of the manual.</summary>
internal abstract class CliCommand(string name, string summary) : Command(name, summary), IManualPage
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<Example> Examples { get; init; } = [];
}
