using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Storage;

/// <summary>The contract, kept by files; and what only files must keep.</summary>
public sealed class FileBlobStoreContract : BlobStoreContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blobs-");

    public void Dispose() => _folder.Delete(recursive: true);

    protected override IBlobStore Open() => new FileBlobStore(_folder.FullName, TimeProvider.System);

    [Fact]
    public async Task Tags_rise_even_while_the_clock_stands_still_or_goes_back()
    {
        var clock = new SetClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var store = new FileBlobStore(_folder.FullName, clock);
        string first = await store.PutAsync("a", new byte[1], ifMatch: null, CancellationToken.None);
        string second = await store.PutAsync("a", new byte[1], first, CancellationToken.None);
        clock.Now -= TimeSpan.FromDays(1);
        string third = await store.PutAsync("a", new byte[1], second, CancellationToken.None);
        await store.DeleteAsync("a", CancellationToken.None);
        clock.Now += TimeSpan.FromDays(1);
        string fourth = await store.PutAsync("a", new byte[1], ifMatch: null, CancellationToken.None);

        Assert.Equal(4, new HashSet<string>([first, second, third, fourth]).Count);
    }

    [Fact]
    public async Task A_failed_put_leaves_no_file_behind()
    {
        IBlobStore store = Open();
        await store.PutAsync("a", new byte[1], ifMatch: null, CancellationToken.None);
        await Assert.ThrowsAsync<BlobConflictException>(() => store.PutAsync("a", new byte[2], ifMatch: null, CancellationToken.None));
        Assert.Equal([".lock", "a"], _folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_lock_file_is_no_blob_and_no_name_for_one()
    {
        IBlobStore store = Open();
        await store.PutAsync("folder/a", new byte[1], ifMatch: null, CancellationToken.None);
        Assert.Equal([new BlobInfo("folder/a", 1)], await store.ListAsync("", CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.GetAsync("folder/.lock", CancellationToken.None));
    }

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
