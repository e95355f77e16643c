using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Cli.Commands.Ingesting;
using Platform.Client.Contracts;

namespace Platform.Cli.Output;

/// <summary>How results are written for programs: camelCase, indented, text as it is rather than escaped.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IndexDescription))]
[JsonSerializable(typeof(IndexList))]
[JsonSerializable(typeof(IndexStatistics))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(IngestReport))]
[JsonSerializable(typeof(DeletedIndex))]
[JsonSerializable(typeof(FailedDocument))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The context that writes.</summary>
    public static CliJson Readable { get; } =
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>As <see cref="Readable"/>, on one line.</summary>
    public static CliJson Lines { get; } =
        new(new JsonSerializerOptions(Readable.Options) { WriteIndented = false });

    /// <summary>Writes one value and a line feed to standard output.</summary>
    public static void Write<T>(Terminal terminal, T value, JsonTypeInfo<T> type) => terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));
}

/// <summary>What <c>index delete --json</c> says.</summary>
/// <param name="Name">The index.</param>
/// <param name="Deleted">True.</param>
internal sealed record DeletedIndex(string Name, bool Deleted);
