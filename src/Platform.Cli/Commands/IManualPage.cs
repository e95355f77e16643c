namespace Platform.Cli.Commands;

/// <summary>What a command's page of the manual has beyond names and options.</summary>
internal interface IManualPage
{
    /// <summary>Paragraphs on what the command does.</summary>
    IReadOnlyList<string> Details { get; }

    /// <summary>Command lines that work, each with what it does.</summary>
    IReadOnlyList<Example> Examples { get; }
}

/// <summary>A command line that works.</summary>
/// <param name="CommandLine">As typed.</param>
/// <param name="Purpose">What it does, without a full stop.</param>
internal sealed record Example(string CommandLine, string Purpose);
