namespace Platform.Indexing.Storage;

/// <summary>How long <see cref="AzureBlobStore"/> tries one call before it fails: the SDK's exponential policy.</summary>
/// <param name="Max">Further tries after the first.</param>
/// <param name="Delay">Before the second try; doubles from try to try.</param>
/// <param name="MaxDelay">The longest wait between tries.</param>
/// <param name="TryTimeout">How long the network may be silent within a try.</param>
public sealed record AzureRetries(int Max, TimeSpan Delay, TimeSpan MaxDelay, TimeSpan TryTimeout)
{
    /// <summary>5 tries within about 3 s of waiting; 20 s of silence end a try.</summary>
    public static AzureRetries Default { get; } = new(4, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
}
