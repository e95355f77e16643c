namespace Platform.Cli.Commands;

/// <summary>Ends a command with a line for the person at the terminal and an exit code.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="message">What, the value, the limit, the remedy.</param>
internal sealed class CommandFaultException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the process returns.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line asks for something that can't be.</summary>
    public static CommandFaultException Usage(string message) => new(ExitCodes.Usage, message);

    /// <summary>The operation failed.</summary>
    public static CommandFaultException Failed(string message) => new(ExitCodes.Failed, message);
}
