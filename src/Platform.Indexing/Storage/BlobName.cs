namespace Platform.Indexing.Storage;

/// <summary>The rule of blob names: parts between slashes, none of which could lead out of the store.</summary>
internal static class BlobName
{
    /// <summary>The file that <see cref="FileBlobStore"/> locks in each folder; no blob may bear its name in any store.</summary>
    public const string LockName = ".lock";

    /// <summary>Azure's limit, kept by every store so that data can move between them.</summary>
    private const int MaxLength = 1024;

    /// <summary>Returns the name.</summary>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static string Checked(string name)
    {
        if (name.Length > MaxLength)
        {
            throw new ArgumentException($"Blob name '{name[..64]}...' has {name.Length} characters; it may have {MaxLength}.", nameof(name));
        }

        foreach (string part in name.Split('/'))
        {
            if (part is "" or "." or ".." or LockName || part.Contains('\\') || part.Contains('\0'))
            {
                throw new ArgumentException($"Blob name '{name}' has the part '{part}'; parts may not be empty, '.', '..' or '{LockName}'.", nameof(name));
            }
        }

        return name;
    }

    /// <summary>Returns a prefix of names.</summary>
    /// <exception cref="ArgumentException">No name that starts with it keeps the rule.</exception>
    public static string CheckedPrefix(string prefix)
    {
        _ = Checked(prefix + "x");
        return prefix;
    }
}
