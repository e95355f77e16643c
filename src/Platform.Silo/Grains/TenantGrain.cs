using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Storage;

namespace Platform.Silo.Grains;

/// <summary>Knows the names of a tenant's indexes; each index grain knows the rest.</summary>
/// <remarks>A name is noted before its index is made and struck out after it is gone, so that no index is ever without an owner.</remarks>
[RolePlacement(Role.Index)]
internal sealed class TenantGrain(
    [PersistentState("tenant", BlobGrainStorage.ProviderName)] IPersistentState<TenantState> state, EncoderDirectory encoders, FeedBlock feedBlock) : Grain, ITenantGrain
{
    private const int MaxIndexes = 10_000;

    /// <inheritdoc/>
    public async Task<IndexDefinition> CreateIndexAsync(NewIndex index, CancellationToken cancellationToken)
    {
        NewIndexRules.Check(index);
        if (state.State.Indexes.Count >= MaxIndexes)
        {
            throw new PlatformException(FaultKind.Invalid, $"The tenant has {MaxIndexes} indexes, which is the most. Delete one first.");
        }

        if (await feedBlock.ReasonAsync() is { } noRoom)
        {
            throw new PlatformException(FaultKind.StorageFull, noRoom);
        }

        index = await new IndexModels(encoders).ResolveAsync(index, cancellationToken);

        if (state.State.Indexes.Add(index.Name))
        {
            await state.WriteStateAsync(cancellationToken);
        }

        return await IndexOf(index.Name).CreateAsync(index, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IndexDefinition[]> ListIndexesAsync(CancellationToken cancellationToken)
    {
        IndexDefinition?[] found = await Task.WhenAll(state.State.Indexes.Select(name => IndexOf(name).GetAsync(cancellationToken)));
        return [.. found.OfType<IndexDefinition>()];
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteIndexAsync(string name, CancellationToken cancellationToken)
    {
        if (!state.State.Indexes.Contains(name))
        {
            return false;
        }

        bool deleted = await IndexOf(name).DeleteAsync(cancellationToken);
        state.State.Indexes.Remove(name);
        await state.WriteStateAsync(cancellationToken);
        return deleted;
    }

    /// <inheritdoc/>
    public async Task AbandonIndexAsync(string name, string operation, CancellationToken cancellationToken)
    {
        if (state.State.Indexes.Contains(name) && await IndexOf(name).AbandonAsync(operation, cancellationToken))
        {
            state.State.Indexes.Remove(name);
            await state.WriteStateAsync(cancellationToken);
        }
    }

    private IIndexGrain IndexOf(string name) => GrainFactory.GetGrain<IIndexGrain>(new IndexKey(this.GetPrimaryKeyString(), name).ToString());
}

/// <summary>The stored catalogue.</summary>
internal sealed class TenantState
{
    /// <summary>Names, ascending.</summary>
    public SortedSet<string> Indexes { get; set; } = new(StringComparer.Ordinal);
}
