using System.Text.Json;
using Orleans.Storage;
using Platform.Indexing.Storage;

namespace Platform.Silo.Storage;

/// <summary>Grain state as JSON blobs, <c>state/{grain type}/{grain key}</c>; a write succeeds only on the state that was read.</summary>
internal sealed class BlobGrainStorage(IBlobStore store) : IGrainStorage
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "platform";

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Blob? blob = await store.GetAsync(NameOf(grainId), CancellationToken.None);
        grainState.ETag = blob?.ETag;
        grainState.RecordExists = blob is { Content.Length: > 0 };         // an empty blob is a cleared state
        grainState.State = grainState.RecordExists
            ? JsonSerializer.Deserialize<T>(blob!.Content.Span) ?? throw new InvalidDataException($"Grain state '{NameOf(grainId)}' is null. Restore it from a copy.")
            : Activator.CreateInstance<T>();
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await PutAsync(grainId, grainState, JsonSerializer.SerializeToUtf8Bytes(grainState.State));
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null || await store.GetETagAsync(NameOf(grainId), CancellationToken.None) is not null)
        {
            await PutAsync(grainId, grainState, default);
        }

        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private async Task PutAsync<T>(GrainId grainId, IGrainState<T> grainState, ReadOnlyMemory<byte> content)
    {
        try
        {
            grainState.ETag = await store.PutAsync(NameOf(grainId), content, grainState.ETag, CancellationToken.None);
        }
        catch (BlobConflictException e)
        {
            throw new InconsistentStateException(e.Message, "unknown", grainState.ETag ?? "none", e);
        }
    }

    private static string NameOf(GrainId grainId) => $"state/{grainId.Type}/{grainId.Key}";
}
