using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Storage;

/// <summary>Local copies of blobs: right, bounded, and found again.</summary>
public sealed class LocalBlobCacheTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copies-");
    private int _downloads;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_blob_is_downloaded_once_and_found_again_by_the_next_process()
    {
        using (LocalBlobCache first = Open(100))
        {
            using BlobView once = await MapAsync(first, "a", 10);
            using BlobView twice = await MapAsync(first, "a", 10);
            Assert.Equal(Content("a", 10), twice.Content.ToArray());
            Assert.Equal(1, _downloads);
        }

        using LocalBlobCache next = Open(100);
        Assert.Equal(10, next.Bytes);
        using BlobView again = await MapAsync(next, "a", 10);
        Assert.Equal(Content("a", 10), again.Content.ToArray());
        Assert.Equal(1, _downloads);
    }

    [Fact]
    public async Task The_longest_unused_goes_when_another_needs_its_room()
    {
        using LocalBlobCache cache = Open(100);
        (await MapAsync(cache, "a", 40)).Dispose();
        (await MapAsync(cache, "b", 40)).Dispose();
        (await MapAsync(cache, "a", 40)).Dispose();
        (await MapAsync(cache, "c", 40)).Dispose();
        Assert.Equal(80, cache.Bytes);
        (await MapAsync(cache, "a", 40)).Dispose();
        Assert.Equal(3, _downloads);                         // a was used after b, so b went
        Assert.Equal(80, OnDisk());
    }

    [Fact]
    public async Task What_is_in_use_stays_and_what_does_not_fit_beside_it_is_refused_with_the_limit()
    {
        using LocalBlobCache cache = Open(100);
        using (BlobView used = await MapAsync(cache, "a", 60))
        {
            var refused = await Assert.ThrowsAsync<StoreFullException>(() => MapAsync(cache, "b", 60));
            Assert.Contains("60 of at most 100 bytes", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Storage:CacheMaxBytes", refused.Message, StringComparison.Ordinal);
            Assert.Equal(Content("a", 60), used.Content.ToArray());
        }

        (await MapAsync(cache, "b", 60)).Dispose();
        Assert.Equal(60, cache.Bytes);
    }

    [Fact]
    public async Task A_download_that_fails_leaves_nothing_and_may_be_tried_again()
    {
        using LocalBlobCache cache = Open(100);
        await Assert.ThrowsAsync<IOException>(() => cache.MapAsync("a", 50, async (path, token) =>
        {
            await File.WriteAllTextAsync(path, "half", token);
            throw new IOException("the line broke");
        }, Never));
        Assert.Equal(0, cache.Bytes);
        Assert.Equal(0, OnDisk());
        using BlobView whole = await MapAsync(cache, "a", 50);
        Assert.Equal(50, whole.Content.Length);
    }

    [Fact]
    public async Task Processes_that_share_a_folder_keep_out_of_each_others_copies()
    {
        using LocalBlobCache first = Open(100);
        using LocalBlobCache second = Open(100);
        using BlobView ofFirst = await MapAsync(first, "a", 60);
        using BlobView ofSecond = await MapAsync(second, "b", 60);
        Assert.Equal(Content("a", 60), ofFirst.Content.ToArray());
        Assert.Equal((60, 60), (first.Bytes, second.Bytes));
    }

    [Fact]
    public async Task A_smaller_limit_makes_the_next_process_drop_what_is_too_much()
    {
        using (LocalBlobCache first = Open(100))
        {
            (await MapAsync(first, "a", 40)).Dispose();
            (await MapAsync(first, "b", 40)).Dispose();
        }

        using LocalBlobCache next = Open(50);
        Assert.Equal(40, next.Bytes);
        Assert.Equal(40, OnDisk());
    }

    private LocalBlobCache Open(long maxBytes) => new(_folder.FullName, maxBytes, TimeProvider.System);

    private Task<BlobView> MapAsync(LocalBlobCache cache, string name, int length) => cache.MapAsync(name, length, async (path, token) =>
    {
        _downloads++;
        await File.WriteAllBytesAsync(path, Content(name, length), token);
    }, Never);

    private long OnDisk() => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static byte[] Content(string name, int length) => [.. Enumerable.Repeat((byte)name[0], length)];
}
