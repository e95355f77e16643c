namespace Platform.Gateway.Faults;

/// <summary>Ends a request, or one item of it, with a <see cref="Faults.Fault"/> for the caller.</summary>
/// <param name="fault">What the caller is told.</param>
internal sealed class RequestException(Fault fault) : Exception(fault.Detail)
{
    /// <summary>What the caller is told.</summary>
    public Fault Fault { get; } = fault;
}
