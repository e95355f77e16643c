namespace Platform.Encoders.Weights;

/// <summary>A checkpoint or adapter that cannot be read, or does not fit the model that its configuration describes.</summary>
public sealed class CheckpointException : ModelFileException
{
    private const int MostFaultsShown = 20;

    private CheckpointException(string path, string? tensor, string message, IReadOnlyList<string> faults, Exception? inner = null)
        : base(path, message, inner)
    {
        Tensor = tensor;
        Faults = faults;
    }

    /// <summary>The tensor at fault; null where the fault is the file's or several tensors'.</summary>
    public string? Tensor { get; }

    /// <summary>Each fault by itself; one, unless tensors were compared with a layout.</summary>
    public IReadOnlyList<string> Faults { get; }

    internal static CheckpointException Of(string path, string found, string remedy, Exception? inner = null) =>
        new(path, tensor: null, $"'{path}' {found}. {remedy}", [found], inner);

    internal static CheckpointException OfTensor(string path, string tensor, string found, string remedy) =>
        new(path, tensor, $"'{path}', tensor {Quote(tensor)}: {found}. {remedy}", [found]);

    /// <summary>All that is wrong with a set of tensors, at once.</summary>
    internal static CheckpointException OfMany(string path, string what, IReadOnlyList<string> faults, string remedy)
    {
        IEnumerable<string> shown = faults.Take(MostFaultsShown);
        if (faults.Count > MostFaultsShown)
        {
            shown = shown.Append($"and {faults.Count - MostFaultsShown} more");
        }

        string list = string.Concat(shown.Select(fault => $"{Environment.NewLine}  - {fault}"));
        return new(path, tensor: null, $"'{path}' {what}:{list}{Environment.NewLine}{remedy}", faults);
    }
}
