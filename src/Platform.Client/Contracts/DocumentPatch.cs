using System.Text.Json;

namespace Platform.Client.Contracts;

/// <summary>Body of <c>PATCH /v1/indexes/{index}/documents/{id}</c>.</summary>
public sealed record DocumentPatch
{
    /// <summary>Fields to set; null takes a field away, and fields that are not named stay. Checked as those of a whole document.</summary>
    public required Dictionary<string, JsonElement> Fields { get; init; }
}
