using Platform.Indexing.Storage;

namespace Platform.Silo.Training;

/// <summary>Notes in the store: which jobs there are, and which should run. A note is an empty blob's name.</summary>
/// <remarks>A job is noted before it starts and its note is changed after it ended, so that none that should run is ever forgotten.</remarks>
internal sealed class RunningJobs(IBlobStore store)
{
    private const string All = "training/jobs/";
    private const string Running = "training/running/";

    /// <summary>Notes that a job exists and should run.</summary>
    public async Task NoteAsync(string key, CancellationToken cancellationToken)
    {
        await PutAsync(All + key, cancellationToken);
        await PutAsync(Running + key, cancellationToken);
    }

    /// <summary>Notes that it need not run.</summary>
    public Task EndAsync(string key, CancellationToken cancellationToken) => store.DeleteAsync(Running + key, cancellationToken);

    /// <summary>Keys of the jobs that should run.</summary>
    public Task<IReadOnlyList<string>> ThatShouldRunAsync(CancellationToken cancellationToken) => KeysAsync(Running, "", cancellationToken);

    /// <summary>Keys of a tenant's jobs, by ascending name.</summary>
    public Task<IReadOnlyList<string>> OfTenantAsync(string tenant, CancellationToken cancellationToken) => KeysAsync(All, tenant + "/", cancellationToken);

    private async Task<IReadOnlyList<string>> KeysAsync(string folder, string prefix, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(folder + prefix, cancellationToken)).Select(blob => blob.Name[folder.Length..]).Order(StringComparer.Ordinal)];

    private async Task PutAsync(string name, CancellationToken cancellationToken)
    {
        if (await store.GetETagAsync(name, cancellationToken) is null)
        {
            try
            {
                _ = await store.PutAsync(name, new byte[] { 1 }, ifMatch: null, cancellationToken);
            }
            catch (BlobConflictException)
            {
                // somebody else noted it
            }
        }
    }
}
