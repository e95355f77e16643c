using Platform.Cli.Commands;
using Platform.Client.Contracts;

namespace Platform.Cli.Output;

/// <summary>Says on standard error where an answer is not whole.</summary>
internal static class CoverageLine
{
    /// <summary>Warns of shards that did not answer, and chooses the exit code.</summary>
    public static int ExitCode(Terminal terminal, Coverage coverage)
    {
        if (coverage.Complete)
        {
            return ExitCodes.Ok;
        }

        string reasons = string.Join("; ", coverage.Failed.Select(failure => $"shard {failure.Ordinal}: {failure.Reason}"));
        terminal.Say($"platform: the answer is not whole: {coverage.Answered} of {coverage.Asked} shards answered{(reasons.Length == 0 ? "." : $" ({reasons}).")}");
        return ExitCodes.Partial;
    }
}
