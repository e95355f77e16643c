namespace Platform.Encoders.Contract;

/// <summary>A contract that cannot be read, or whose values cannot be.</summary>
public sealed class ContractException : ModelFileException
{
    private ContractException(string path, IReadOnlyList<string> faults, Exception? inner)
        : base(path, $"'{path}' is no contract:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  - {fault}"))}", inner)
    {
        Faults = faults;
    }

    /// <summary>Each fault: the field, the value, the limit.</summary>
    public IReadOnlyList<string> Faults { get; }

    internal static ContractException Of(string path, IReadOnlyList<string> faults, Exception? inner = null) => new(path, faults, inner);
}
