using Platform.Indexing.Storage;
using Platform.Testing;

namespace Platform.Indexing.Tests.Storage;

/// <summary>Makes empty stores of every kind, for the tests of one class.</summary>
public sealed class TestStores : IDisposable
{
    private static readonly AzureRetries Quick = new(3, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stores-");
    private readonly AzuriteServer _azurite = new();

    /// <summary>Makes an empty store and returns what opens a client of it, as another process would.</summary>
    internal async Task<Func<IBlobStore>> NewAsync(StoreKind kind)
    {
        switch (kind)
        {
            case StoreKind.Files:
                string folder = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
                return () => new FileBlobStore(folder, TimeProvider.System);
            case StoreKind.Azurite:
                string connection = await _azurite.ConnectAsync();
                string container = $"c{Guid.NewGuid():N}";
                await AzureBlobStore.Open(connection, container, Quick).EnsureContainerAsync(CancellationToken.None);
                return () => AzureBlobStore.Open(connection, container, Quick);
            default:
                var store = new MemoryBlobStore();
                return () => store;
        }
    }

    public void Dispose()
    {
        _azurite.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>The stores that a shard can lie in.</summary>
public enum StoreKind
{
    Memory,
    Files,
    Azurite,
}
