using System.Diagnostics.CodeAnalysis;

namespace Platform.Abstractions;

/// <summary>The rule for names of tenants and indexes, which become parts of grain keys and of paths in the store.</summary>
public static class Names
{
    /// <summary>The most characters a name has.</summary>
    public const int MaxLength = 63;

    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "1 to 63 of a-z 0-9 . _ -, starting with a letter or digit";

    /// <summary>Whether a name keeps <see cref="Rule"/>; no such name can leave its folder or hold a key's separator.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name)
    {
        if (name is null || name.Length is 0 or > MaxLength || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
