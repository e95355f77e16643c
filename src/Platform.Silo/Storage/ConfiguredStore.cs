using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;

namespace Platform.Silo.Storage;

/// <summary>Opens the store that the options name.</summary>
internal static class ConfiguredStore
{
    /// <summary>Opens it; calls nobody yet.</summary>
    public static IBlobStore Open(IServiceProvider services)
    {
        StorageOptions options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        if (options.Kind == StorageOptions.Files)
        {
            return new FileBlobStore(options.DataDirectory, time);
        }

        LocalBlobCache cache = services.GetRequiredService<LocalBlobCache>();
        return options.AzureConnection is { Length: > 0 } connection
            ? AzureBlobStore.Open(connection, options.AzureContainer, AzureRetries.Default, cache)
            : AzureBlobStore.Open(
                new Uri(options.AzureAccountUrl!), new DefaultAzureCredential(), options.AzureContainer, AzureRetries.Default, cache);
    }

    /// <summary>Opens the local copies of a remote store.</summary>
    public static LocalBlobCache OpenCache(IServiceProvider services)
    {
        StorageOptions options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        string folder = options.CacheDirectory is { Length: > 0 } named ? named : Path.Combine(options.DataDirectory, "segment-cache");
        return new LocalBlobCache(folder, options.CacheMaxBytes, services.GetRequiredService<TimeProvider>());
    }
}

/// <summary>Makes the container before the silo starts: what is wrong with the account ends the start with a sentence.</summary>
internal sealed class StoreStart(IBlobStore store) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) =>
        store is AzureBlobStore azure ? azure.EnsureContainerAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
