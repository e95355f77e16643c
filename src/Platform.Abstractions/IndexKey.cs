namespace Platform.Abstractions;

/// <summary>Names an index. Written <c>{tenant}/{index}</c>: the key of index, ingest and query grains.</summary>
/// <param name="Tenant">The tenant that owns it.</param>
/// <param name="Index">Its name within the tenant.</param>
public readonly record struct IndexKey(string Tenant, string Index)
{
    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">The text is not of the form <c>{tenant}/{index}</c>.</exception>
    public static IndexKey Parse(string key)
    {
        string[] parts = key.Split('/');
        return parts.Length == 2 && Names.IsValid(parts[0]) && Names.IsValid(parts[1])
            ? new IndexKey(parts[0], parts[1])
            : throw new FormatException($"Grain key '{key}' is not of the form {{tenant}}/{{index}}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Tenant}/{Index}";
}
