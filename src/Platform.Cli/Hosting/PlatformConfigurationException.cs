namespace Platform.Cli.Hosting;

/// <summary>The configuration can't work; the message lists every fault.</summary>
internal sealed class PlatformConfigurationException(IReadOnlyList<string> faults)
    : Exception($"The configuration has {faults.Count} fault(s):{string.Concat(faults.Select(fault => $"{Environment.NewLine}  - {fault}"))}")
{
    /// <summary>Each fault: what, the value, the limit.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
