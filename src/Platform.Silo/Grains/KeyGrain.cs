using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Storage;

namespace Platform.Silo.Grains;

/// <summary>Keeps the keys' SHA-256: a key is 256 random bits, so a fast hash gives nothing away.</summary>
[RolePlacement(Role.Index)]
internal sealed class KeyGrain(
    [PersistentState("keys", BlobGrainStorage.ProviderName)] IPersistentState<KeyState> state,
    IOptions<SecurityOptions> security,
    TimeProvider time) : Grain, IKeyGrain
{
    private const string Prefix = "pk";
    private const string DefaultTenant = "default";
    private const string FirstLabel = "first key";
    private const int MaxLabelLength = 64;

    /// <inheritdoc/>
    public async Task<string?> EnsureDefaultAsync(CancellationToken cancellationToken)
    {
        if (security.Value.FirstKey is not { } given)
        {
            return state.State.Keys.Count > 0 ? null : await IssueAsync(DefaultTenant, FirstLabel, cancellationToken);
        }

        if (await AuthenticateAsync(given, cancellationToken) is null)
        {
            await KeepAsync(given, DefaultTenant, FirstLabel, cancellationToken);
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<string> IssueAsync(string tenant, string label, CancellationToken cancellationToken)
    {
        if (!Names.IsValid(tenant))
        {
            throw new PlatformException(FaultKind.Invalid, $"Tenant '{tenant}' is no valid name; a name is {Names.Rule}.");
        }

        if (label.Length > MaxLabelLength)
        {
            throw new PlatformException(FaultKind.Invalid, $"The label has {label.Length} characters; it may have {MaxLabelLength}.");
        }

        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        string key = $"{Prefix}_{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        await KeepAsync(key, tenant, label, cancellationToken);
        return key;
    }

    /// <inheritdoc/>
    public Task<string?> AuthenticateAsync(string apiKey, CancellationToken cancellationToken)
    {
        string[] parts = apiKey.Split('_', 3);
        bool known = parts.Length == 3 && parts[0] == Prefix
            && state.State.Keys.TryGetValue(parts[1], out KeyRecord? record)
            && CryptographicOperations.FixedTimeEquals(HashOf(apiKey), Convert.FromHexString(record.Hash));
        return Task.FromResult(known ? state.State.Keys[parts[1]].Tenant : null);
    }

    private async Task KeepAsync(string key, string tenant, string label, CancellationToken cancellationToken)
    {
        state.State.Keys[key.Split('_')[1]] = new KeyRecord(tenant, label, Convert.ToHexStringLower(HashOf(key)), time.GetUtcNow());
        await state.WriteStateAsync(cancellationToken);
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>The stored keys.</summary>
internal sealed class KeyState
{
    /// <summary>By the key's public part.</summary>
    public Dictionary<string, KeyRecord> Keys { get; set; } = [];
}

/// <summary>One key.</summary>
/// <param name="Tenant">Whom it acts for.</param>
/// <param name="Label">What it is for.</param>
/// <param name="Hash">SHA-256 of the whole key, hexadecimal.</param>
/// <param name="CreatedAt">UTC.</param>
internal sealed record KeyRecord(string Tenant, string Label, string Hash, DateTimeOffset CreatedAt);
