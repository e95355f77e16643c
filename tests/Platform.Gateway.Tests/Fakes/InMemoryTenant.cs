using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>A tenant's catalogue.</summary>
internal sealed class InMemoryTenant(InMemoryGrains grains, string tenant) : ITenantGrain
{
    public async Task<IndexDefinition> CreateIndexAsync(NewIndex index, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("create-index", tenant);
        var definition = new IndexDefinition
        {
            Name = index.Name,
            Generation = 1,
            Shards = ShardMap.Even(index.Shards),
            Encoder = index.Encoder,
            K1 = index.K1,
            B = index.B,
            SparseMaxWeight = index.SparseMaxWeight,
            Dense = index.Dense,
            Fields = index.Fields,
            Pruning = index.Pruning,
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        };
        return grains.Indexes.TryAdd($"{tenant}/{index.Name}", new InMemoryIndex(definition))
            ? definition
            : throw new PlatformException(FaultKind.IndexExists, $"Index '{index.Name}' exists.");
    }

    public async Task<IndexDefinition[]> ListIndexesAsync(CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("list-indexes", tenant);
        return
        [
            .. grains.Indexes
                .Where(i => IndexKey.Parse(i.Key).Tenant == tenant)
                .Select(i => i.Value.Definition)
                .OrderBy(d => d.Name, StringComparer.Ordinal),
        ];
    }

    public Task AbandonIndexAsync(string name, string operation, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<bool> DeleteIndexAsync(string name, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("delete-index", tenant);
        return grains.Indexes.TryRemove($"{tenant}/{name}", out _);
    }
}

/// <summary>The keys of all tenants.</summary>
internal sealed class InMemoryKeys(InMemoryGrains grains) : IKeyGrain
{
    public Task<string?> EnsureDefaultAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> IssueAsync(string tenant, string label, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<string?> AuthenticateAsync(string apiKey, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("authenticate", CallContext.Platform);
        grains.Authentications++;
        return grains.Keys.GetValueOrDefault(apiKey);
    }
}
