using System.Text.Json;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary>Dense vectors as a person or a script gives them on a command line.</summary>
internal static class VectorText
{
    /// <summary>Reads a JSON array of numbers, or base64 of little-endian 32-bit floats.</summary>
    /// <exception cref="CommandFaultException">It is neither.</exception>
    public static DenseVector Parse(string option, string text)
    {
        try
        {
            string json = text.TrimStart().StartsWith('[') ? text : JsonSerializer.Serialize(text, PlatformJson.Default.String);
            return JsonSerializer.Deserialize(json, PlatformJson.Default.DenseVector)!;
        }
        catch (JsonException)
        {
            throw CommandFaultException.Usage($"{option} is neither a JSON array of numbers nor base64 of little-endian 32-bit floats.");
        }
    }
}
