using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Gateway.Hosting;

namespace Platform.Gateway.Security;

/// <summary>Finds the tenant of an API key, and remembers valid keys for <see cref="GatewayOptions.KeyLifetime"/>.</summary>
/// <remarks>Holds hashes only, at most <see cref="Capacity"/> of them. Unknown keys are asked for every time. Thread-safe.</remarks>
internal sealed class AuthenticatedKeys(IGrainFactory grains, TimeProvider time, IOptions<GatewayOptions> options)
{
    /// <summary>The most keys remembered.</summary>
    public const int Capacity = 1_024;

    /// <summary>The most characters of a key; a longer one is not asked for.</summary>
    public const int MaxKeyLength = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _byHash = new(StringComparer.Ordinal);

    /// <summary>The tenant that a key belongs to; null if the key is not known.</summary>
    public async Task<string?> FindTenantAsync(string apiKey, CancellationToken cancellationToken)
    {
        if (apiKey.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(apiKey)));
        if (Recall(hash) is { } known)
        {
            return known;
        }

        // This asynchronous method's own flow: the caller's identity is as before once it returns.
        CallContext.ActFor(CallContext.Platform);
        string? tenant = await grains.GetGrain<IKeyGrain>(IKeyGrain.Key).AuthenticateAsync(apiKey, cancellationToken);
        if (tenant is not null)
        {
            Remember(hash, tenant);
        }

        return tenant;
    }

    private string? Recall(string hash)
    {
        lock (_gate)
        {
            return _byHash.TryGetValue(hash, out Entry entry) && entry.Expires > time.GetUtcNow() ? entry.Tenant : null;
        }
    }

    private void Remember(string hash, string tenant)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (_byHash.Count >= Capacity)
            {
                Expire(now);
            }

            _byHash[hash] = new Entry(tenant, now + options.Value.KeyLifetime);
        }
    }

    private void Expire(DateTimeOffset now)
    {
        foreach ((string hash, Entry entry) in _byHash)
        {
            if (entry.Expires <= now)
            {
                _byHash.Remove(hash);
            }
        }

        // All are fresh: forgetting costs one more call a key, and only where more keys are in use than fit.
        if (_byHash.Count >= Capacity)
        {
            _byHash.Clear();
        }
    }

    private readonly record struct Entry(string Tenant, DateTimeOffset Expires);
}
