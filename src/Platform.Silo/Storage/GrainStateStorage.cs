using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;

namespace Platform.Silo.Storage;

/// <summary>The one named provider of grain state: blobs of the same store, or Orleans' own provider where the build selects it.</summary>
internal static class GrainStateStorage
{
    /// <summary>Adds it. Built with <c>-p:OrleansAzureStorage=true</c>, state in Azure goes through Microsoft.Orleans.Persistence.AzureStorage.</summary>
    public static void AddGrainState(this ISiloBuilder silo, StorageOptions options)
    {
#if ORLEANS_AZURE_STORAGE
        if (options.Kind == StorageOptions.Azure)
        {
            silo.AddAzureBlobGrainStorage(BlobGrainStorage.ProviderName, blobs =>
            {
                blobs.ContainerName = options.AzureContainer + "-state";
                blobs.BlobServiceClient = options.AzureConnection is { Length: > 0 } connection
                    ? new Azure.Storage.Blobs.BlobServiceClient(connection)
                    : new Azure.Storage.Blobs.BlobServiceClient(new Uri(options.AzureAccountUrl!), new Azure.Identity.DefaultAzureCredential());
            });
            return;
        }
#endif
        _ = options;
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            BlobGrainStorage.ProviderName, (services, _) => new BlobGrainStorage(services.GetRequiredService<IBlobStore>()));
    }
}
