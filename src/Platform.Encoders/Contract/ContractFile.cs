using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Encoders.Contract;

/// <summary>Reads and writes <c>contract.json</c>, strictly: a field unknown, missing, twice or out of range is a fault, and all are told.</summary>
public static class ContractFile
{
    /// <summary>The file's name in a model folder.</summary>
    public const string Name = "contract.json";

    private const int MaxBytes = 64 << 10;

    /// <summary>The canonical form: RFC 8785 (fields by name, no white space), UTF-8.</summary>
    public static string ToCanonicalJson(EncoderContract contract) =>
        $"{{{string.Join(',', ContractFields.Of(contract).Select(field => $"\"{field.Name}\":{field.Value}"))}}}";

    /// <summary>The SHA-256 of the canonical form, 64 hexadecimal digits in small letters: equal if and only if the contracts are.</summary>
    public static string HashOf(EncoderContract contract) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToCanonicalJson(contract))));

    /// <summary>The form for people: a field a line.</summary>
    public static string ToReadableJson(EncoderContract contract) =>
        $"{{\n{string.Join(",\n", ContractFields.Of(contract).Select(field => $"  \"{field.Name}\": {field.Value}"))}\n}}\n";

    /// <summary>Reads a file.</summary>
    /// <exception cref="ContractException">It is no contract.</exception>
    public static EncoderContract Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? Parse(path, File.ReadAllBytes(path))
                : throw ContractException.Of(path, [$"it has {length} bytes; the limit is {MaxBytes}"]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ContractException.Of(path, [e.Message], e);
        }
    }

    /// <summary>Reads JSON.</summary>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <param name="json">The JSON, in any order and with any white space.</param>
    /// <exception cref="ContractException">It is no contract.</exception>
    public static EncoderContract Parse(string path, ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var reader = new ContractReader(document.RootElement);
            EncoderContract contract = reader.Read();
            return reader.Faults.Count == 0 ? contract : throw ContractException.Of(path, reader.Faults);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ContractException.Of(path, [$"it is no sound JSON: {e.Message}"], e);
        }
    }
}
