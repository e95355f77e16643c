namespace Platform.Cli.Commands;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    /// <summary>All was done.</summary>
    public const int Ok = 0;

    /// <summary>The operation failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Done in part: some items failed, or some shards did not answer.</summary>
    public const int Partial = 3;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>The codes in words, for help.</summary>
    public static IReadOnlyList<(string Code, string Meaning)> Meanings { get; } =
    [
        ("0", "all was done"),
        ("1", "the operation failed"),
        ("2", "wrong usage or configuration; nothing was done"),
        ("3", "done in part: some items failed, or some shards did not answer"),
        ("130", "cancelled by Ctrl-C"),
    ];
}
