using System.Globalization;

namespace Platform.Abstractions;

/// <summary>Names a shard. Written <c>{tenant}/{index}/{generation}/{ordinal}</c>: the key of shard grains and the shard's folder in the store.</summary>
/// <param name="Tenant">The tenant that owns the index.</param>
/// <param name="Index">The index's name.</param>
/// <param name="Generation">Which index of that name, from 1.</param>
/// <param name="Ordinal">The shard's number within the generation, from 0.</param>
public readonly record struct ShardKey(string Tenant, string Index, int Generation, int Ordinal)
{
    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">The text is not of the form <c>{tenant}/{index}/{generation}/{ordinal}</c>.</exception>
    public static ShardKey Parse(string key)
    {
        string[] parts = key.Split('/');
        return parts.Length == 4 && Names.IsValid(parts[0]) && Names.IsValid(parts[1])
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int generation)
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)
            ? new ShardKey(parts[0], parts[1], generation, ordinal)
            : throw new FormatException($"Grain key '{key}' is not of the form {{tenant}}/{{index}}/{{generation}}/{{ordinal}}.");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Tenant}/{Index}/{Generation}/{Ordinal}");
}
