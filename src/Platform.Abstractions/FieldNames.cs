using System.Text.RegularExpressions;

namespace Platform.Abstractions;

/// <summary>What the name of a declared field may be.</summary>
public static partial class FieldNames
{
    /// <summary>The rule, for messages.</summary>
    public const string Rule = "1 to 64 of A-Z a-z 0-9 . _ -, starting with a letter or _";

    /// <summary>The most fields that an index declares.</summary>
    public const int MostFields = 64;

    /// <summary>Whether a name keeps to the rule.</summary>
    public static bool IsValid(string? name) => name is not null && Form().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9._-]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();
}
