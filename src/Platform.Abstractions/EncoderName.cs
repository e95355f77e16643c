using System.Diagnostics.CodeAnalysis;

namespace Platform.Abstractions;

/// <summary>Names a model as an encoder: <c>id@version</c>, or <c>id@version#device</c> for one device. The key of encoder grains but <c>lexical</c>'s.</summary>
/// <param name="Model">The model, <c>id@version</c>.</param>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; null for any.</param>
public readonly record struct EncoderName(string Model, string? Device)
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "a model as id@version, or id@version#device for one device (cpu, cuda, cuda:N)";

    private const int MaxPart = 128;

    /// <summary>Reads a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EncoderName name)
    {
        string[] parts = text?.Split('#') ?? [];
        bool isName = parts.Length is 1 or 2
            && parts[0].Split('@') is [var id, var version] && IsPart(id) && IsPart(version)
            && (parts.Length == 1 || IsDevice(parts[1]));
        name = isName ? new EncoderName(parts[0], parts.Length == 2 ? parts[1] : null) : default;
        return isName;
    }

    /// <summary>Whether a silo that computes on a device serves this name: <c>cuda</c> asks for any GPU.</summary>
    public bool IsServedBy(string device) =>
        Device is null || Device == device || (Device == "cuda" && device.StartsWith("cuda:", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => Device is null ? Model : $"{Model}#{Device}";

    private static bool IsPart(string part) => part.Length is > 0 and <= MaxPart && part[0] != '.'
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static bool IsDevice(string device) => device is "cpu" or "cuda"
        || (device.Length is > 5 and <= 8 && device.StartsWith("cuda:", StringComparison.Ordinal) && device.Skip(5).All(char.IsAsciiDigit));
}
