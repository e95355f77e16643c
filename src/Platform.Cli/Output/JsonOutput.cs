using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Cli.Output;

/// <summary>Writes results for programs, text as it is rather than escaped.</summary>
internal static class JsonOutput
{
    /// <summary>Indented: one result a command.</summary>
    public static CliJson Readable { get; } =
        new(new JsonSerializerOptions(CliJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>On one line: many records a file.</summary>
    public static CliJson Lines { get; } = new(new JsonSerializerOptions(Readable.Options) { WriteIndented = false });

    /// <summary>Writes one value to standard output.</summary>
    public static void Write<T>(Terminal terminal, T value, JsonTypeInfo<T> type) => terminal.Print(JsonSerializer.Serialize(value, type));
}
