namespace Platform.Abstractions.Grains;

/// <summary>The API keys of all tenants, as hashes. Key: <c>keys</c>. Answers only the platform itself.</summary>
[Alias("keys"), GrainInterfaceType("keys")]
public interface IKeyGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    const string Key = "keys";

    /// <summary>
    /// Makes the first key, of tenant <c>default</c>, if there is none at all; returns it this once, else null. Where the configuration brings a
    /// key (<c>Security:FirstKey</c>) it is that one, and nothing is returned.
    /// </summary>
    [Alias("ensure-default")]
    Task<string?> EnsureDefaultAsync(CancellationToken cancellationToken);

    /// <summary>Makes one more key of a tenant and returns it this once.</summary>
    /// <param name="tenant">See <see cref="Names.Rule"/>; a tenant begins with its first key.</param>
    /// <param name="label">What the key is for, at most 64 characters.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("issue")]
    Task<string> IssueAsync(string tenant, string label, CancellationToken cancellationToken);

    /// <summary>The tenant that a key belongs to, or null if the key is not known.</summary>
    [Alias("authenticate"), AlwaysInterleave]
    Task<string?> AuthenticateAsync(string apiKey, CancellationToken cancellationToken);
}
