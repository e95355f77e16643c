namespace Platform.Encoders.Models.Hub;

/// <summary>Which hub, and who asks.</summary>
public sealed record HubOptions
{
    /// <summary>The public hub.</summary>
    public static Uri HuggingFace { get; } = new("https://huggingface.co");

    /// <summary>The hub or a mirror of it: https, or http where the operator wants it. Default the public hub.</summary>
    public Uri BaseAddress { get; init; } = HuggingFace;

    /// <summary>The token, sent to the base address only; null for none.</summary>
    public string? Token { get; init; }
}
