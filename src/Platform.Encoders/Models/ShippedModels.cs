namespace Platform.Encoders.Models;

/// <summary>The models that come with the platform: small ones, trained by its own recipes, see the README of each under <c>Models/Shipped</c>.</summary>
public static class ShippedModels
{
    /// <summary>Learned sparse vectors, <c>id@version</c>.</summary>
    public const string Sparse = "nano-sparse@1";

    /// <summary>Dense vectors, <c>id@version</c>.</summary>
    public const string Dense = "nano-dense@1";

    /// <summary>Where they lie, in the form of a <see cref="ModelStore"/>: beside the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models");
}
