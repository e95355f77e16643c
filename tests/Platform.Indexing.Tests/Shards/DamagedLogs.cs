using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Platform.Testing;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

/// <summary>A log's last record cut, and its bits flipped, in every kind of store.</summary>
public sealed class DamagedLogs(TestStores stores) : IClassFixture<TestStores>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Operation[][] History = ShardDrawings.History(seed: 11, batches: 6);

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Files)]
    [AzuriteData(StoreKind.Azurite)]
    public async Task A_log_cut_at_any_byte_of_its_last_record_gives_the_records_before(StoreKind kind)
    {
        (byte[] manifest, string log, byte[] whole) = await WriteAsync();
        IBlobStore store = (await stores.NewAsync(kind))();
        ShardModel without = ShardModel.After(History[..^1]);
        int lastRecord = whole.Length - ShardLog.HeadLength - ShardDrawings.Pack(History[^1]).Length;
        for (int length = lastRecord; length < whole.Length; length++)
        {
            await using Shard shard = await OpenDamagedAsync(store, $"cut{length}", manifest, log, whole.AsMemory(0, length));
            AssertDocuments(without, shard);
        }
    }

    [Theory]
    [InlineData(StoreKind.Memory, 1000)]
    [InlineData(StoreKind.Files, 1000)]
    [AzuriteData(StoreKind.Azurite, 200)]
    public async Task A_flipped_bit_costs_the_last_record_or_keeps_the_shard_closed_however_often_it_is_opened(StoreKind kind, int flips)
    {
        (byte[] manifest, string log, byte[] whole) = await WriteAsync();
        IBlobStore store = (await stores.NewAsync(kind))();
        ShardModel without = ShardModel.After(History[..^1]);
        int lastRecord = whole.Length - ShardLog.HeadLength - ShardDrawings.Pack(History[^1]).Length;
        var random = new Random(17);
        for (int i = 0; i < flips; i++)
        {
            int position = random.Next(whole.Length);
            byte[] flipped = [.. whole];
            flipped[position] ^= (byte)(1 << random.Next(8));
            if (position >= lastRecord)
            {
                await using Shard shard = await OpenDamagedAsync(store, $"flip{i}", manifest, log, flipped);
                AssertDocuments(without, shard);
                continue;
            }

            await Assert.ThrowsAsync<ShardCorruptException>(() => OpenDamagedAsync(store, $"flip{i}", manifest, log, flipped));
            await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, $"flip{i}"));
            Assert.Equal(flipped, (await store.GetAsync($"flip{i}/{log}", Never))!.Content.ToArray());
        }
    }

    /// <summary>The history in one open log.</summary>
    private static async Task<(byte[] Manifest, string Log, byte[] Bytes)> WriteAsync()
    {
        var store = new MemoryBlobStore();
        await using (Shard shard = await OpenAsync(store, "s"))
        {
            foreach (Operation[] batch in History)
            {
                await shard.ApplyAsync(ShardDrawings.Pack(batch));
            }
        }

        string log = Assert.Single(store.Names, name => name.StartsWith("s/log/", StringComparison.Ordinal));
        return (store["s/manifest"], log["s/".Length..], store[log]);
    }

    private static async Task<Shard> OpenDamagedAsync(IBlobStore store, string folder, byte[] manifest, string log, ReadOnlyMemory<byte> bytes)
    {
        await store.PutAsync($"{folder}/manifest", manifest, ifMatch: null, Never);
        await store.PutAsync($"{folder}/{log}", bytes, ifMatch: null, Never);
        return await OpenAsync(store, folder);
    }

    private static Task<Shard> OpenAsync(IBlobStore store, string folder) => Shard.OpenAsync(store, folder, ShardDrawings.Roomy, Never);

    private static void AssertDocuments(ShardModel model, Shard shard)
    {
        Assert.Equal(model.Documents.Count, shard.Measure().Documents);
        foreach (string key in ShardDrawings.Keys)
        {
            Assert.Equal(model.Documents.GetValueOrDefault(key)?.Stored, shard.Fetch(key));
        }
    }
}
