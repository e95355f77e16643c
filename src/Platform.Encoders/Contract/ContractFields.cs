using System.Globalization;
using System.Text;

namespace Platform.Encoders.Contract;

/// <summary>The fields of a contract in canonical order (by name, ordinal), each with its canonical JSON value.</summary>
internal static class ContractFields
{
    /// <summary>The version of the record; a field more or less is another version.</summary>
    public const int Version = 1;

    /// <summary>The name of the version's field.</summary>
    public const string VersionName = "version";

    /// <summary>Names and JSON values, ordered by name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(EncoderContract contract) =>
    [
        ("attention", Word(contract.Attention)),
        ("bos", Number(contract.Bos)),
        ("documentTemplate", Text(contract.DocumentTemplate)),
        ("eos", Number(contract.Eos)),
        ("head", Word(contract.Head)),
        ("logitScale", Real(contract.LogitScale)),
        ("maxPassageTokens", Number(contract.MaxPassageTokens)),
        ("maxQueryTokens", Number(contract.MaxQueryTokens)),
        ("normalisation", Word(contract.Normalisation)),
        ("passagePrefix", Text(contract.PassagePrefix)),
        ("pooling", Word(contract.Pooling)),
        ("queryPrefix", Text(contract.QueryPrefix)),
        ("temperature", Real(contract.Temperature)),
        ("topPassageTerms", Number(contract.TopPassageTerms)),
        ("topQueryTerms", Number(contract.TopQueryTerms)),
        (VersionName, Number(Version)),
    ];

    /// <summary>An enumeration's value as the file says it.</summary>
    public static string WordOf<T>(T value)
        where T : struct, Enum => Enum.GetName(value)!.ToLowerInvariant();

    private static string Word<T>(T value)
        where T : struct, Enum => Text(WordOf(value));

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    // The shortest digits that give the value back; no exponent, since contracts keep to 0.0001 to 1,000.
    private static string Real(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A JSON string with only the escapes that JSON demands (RFC 8785, 3.2.2.2).</summary>
    private static string Text(string value)
    {
        var json = new StringBuilder("\"");
        foreach (char c in value)
        {
            json.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ => c.ToString(),
            });
        }

        return json.Append('"').ToString();
    }
}
