using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Platform.Indexing.Storage;
using Platform.Testing;

namespace Platform.Indexing.Tests.Storage;

/// <summary>The contract, kept by Azure blobs; and what only a store behind a network must keep.</summary>
[NeedsAzurite]
public sealed class AzureBlobStoreContract : BlobStoreContract, IClassFixture<AzuriteServer>, IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly AzureRetries Quick = new(3, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(20));

    private readonly string _container = $"c{Guid.NewGuid():N}";
    private readonly DirectoryInfo _copies = Directory.CreateTempSubdirectory("copies-");
    private readonly LocalBlobCache _cache;
    private readonly AzuriteServer _azurite;
    private string _connection = "";

    public AzureBlobStoreContract(AzuriteServer azurite)
    {
        _azurite = azurite;
        _cache = new LocalBlobCache(_copies.FullName, 100 << 20, TimeProvider.System);
    }

    public async Task InitializeAsync()
    {
        _connection = await _azurite.ConnectAsync();
        await OpenAzure().EnsureContainerAsync(Never);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _cache.Dispose();
        _copies.Delete(recursive: true);
    }

    protected override IBlobStore Open() => OpenAzure();

    [ContractFact]
    public async Task An_append_whose_answer_was_lost_is_done_once_and_no_conflict()
    {
        using var network = new LosingTransport();
        AzureBlobStore store = OpenThrough(network);
        await store.AppendAsync("log", 0, Bytes(3), Never);
        network.LoseAnswers("comp=appendblock", 2);
        await store.AppendAsync("log", 3, Bytes(4), Never);
        Assert.Equal(2, network.Lost);
        Assert.Equal((byte[])[.. Bytes(3), .. Bytes(4)], (await Open().GetAsync("log", Never))!.Content.ToArray());
    }

    [ContractFact]
    public async Task A_put_whose_answer_was_lost_is_done_once_and_returns_its_tag()
    {
        using var network = new LosingTransport();
        AzureBlobStore store = OpenThrough(network);
        string first = await store.PutAsync("a", Bytes(1), ifMatch: null, Never);
        network.LoseAnswers("", 1);
        string second = await store.PutAsync("a", Bytes(2), first, Never);
        network.LoseAnswers("", 1);
        string created = await store.PutAsync("b", Bytes(2), ifMatch: null, Never);
        Assert.Equal(2, network.Lost);
        Assert.Equal(await Open().GetETagAsync("a", Never), second);
        Assert.Equal(await Open().GetETagAsync("b", Never), created);
    }

    [ContractFact]
    public async Task A_store_that_is_away_is_an_IO_fault_that_says_where_and_holds_no_key()
    {
        string away = System.Text.RegularExpressions.Regex.Replace(_connection, @":\d+/", ":1/");
        AzureBlobStore store = AzureBlobStore.Open(away, _container, Quick);
        BlobStoreException fault = await Assert.ThrowsAsync<BlobStoreException>(() => store.GetAsync("a", Never));
        Assert.Contains("http://127.0.0.1:1/devstoreaccount1/", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Eby8", fault.ToString(), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_container_that_is_gone_is_a_fault_and_not_an_empty_store()
    {
        AzureBlobStore store = AzureBlobStore.Open(_connection, "never-made", Quick);
        await Assert.ThrowsAsync<BlobStoreException>(() => store.GetAsync("a", Never));
        await Assert.ThrowsAsync<BlobStoreException>(() => store.GetETagAsync("a", Never));
        await Assert.ThrowsAsync<BlobStoreException>(() => store.ListAsync("", Never));
        await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync("a", Bytes(1), ifMatch: null, Never));
    }

    [ContractFact]
    public async Task A_content_of_several_blocks_is_put_under_its_condition()
    {
        AzureBlobStore store = OpenAzure();
        byte[] large = new byte[(33 << 20) + 7];
        new Random(1).NextBytes(large);
        string tag = await store.PutAsync("large", large, ifMatch: null, Never);
        await Assert.ThrowsAsync<BlobConflictException>(() => store.PutAsync("large", large, ifMatch: null, Never));
        Blob? blob = await store.GetAsync("large", Never);
        Assert.Equal(tag, blob!.ETag);
        Assert.True(blob.Content.Span.SequenceEqual(large));
        Assert.Equal(3, (await new BlobContainerClient(_connection, _container).GetBlockBlobClient("large").GetBlockListAsync(cancellationToken: Never)).Value.CommittedBlocks.Count());
    }

    [ContractFact]
    public async Task A_blob_of_several_pieces_is_mapped_from_a_local_copy_and_is_fetched_once()
    {
        AzureBlobStore store = OpenAzure();
        byte[] large = new byte[(33 << 20) + 7];
        new Random(3).NextBytes(large);
        await store.PutAsync("large", large, ifMatch: null, Never);
        using (BlobView mapped = (await store.MapAsync("large", Never))!)
        {
            Assert.True(mapped.Content.Span.SequenceEqual(large));
            Assert.Equal(large.Length, _cache.Bytes);
        }

        using BlobView again = (await store.MapAsync("large", Never))!;
        Assert.Equal(large.Length, Assert.Single(_copies.EnumerateFiles("*", SearchOption.AllDirectories), file => file.Length > 0).Length);
    }

    [ContractFact]
    public async Task An_append_of_more_than_one_blocks_oldest_limit_is_one_append()
    {
        AzureBlobStore store = OpenAzure();
        byte[] large = new byte[6 << 20];
        new Random(2).NextBytes(large);
        await store.AppendAsync("log", 0, large, Never);
        Assert.True((await store.GetAsync("log", Never))!.Content.Span.SequenceEqual(large));
    }

    private AzureBlobStore OpenAzure() => AzureBlobStore.Open(_connection, _container, Quick, _cache);

    private AzureBlobStore OpenThrough(HttpPipelineTransport network)
    {
        BlobClientOptions options = AzureBlobStore.ClientOptions(Quick);
        options.Transport = network;
        return new AzureBlobStore(new BlobContainerClient(_connection, _container, options));
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(1, count).Select(i => (byte)i)];
}
