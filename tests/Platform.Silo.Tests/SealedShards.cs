using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Silo.Tests;

/// <summary>Writes an index's shards as files before any grain opens them, so that a search meets sealed segments at once.</summary>
internal static class SealedShards
{
    private const int Topics = 16;
    private const int TermsPerTopic = 12;

    /// <summary>A document: a few terms of one topic with impacts of 1 to 255.</summary>
    public readonly record struct Document(string Key, int[] TermIds, byte[] Impacts);

    /// <summary>Documents of a few topics, so that their order makes bounds tight. Every one has term 0.</summary>
    public static Document[] Drawn(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int topic = random.Next(Topics);
            int[] terms = [0, .. Enumerable.Range(1, TermsPerTopic).Where(_ => random.Next(3) > 0).Select(term => (topic * TermsPerTopic) + term)];
            return new Document($"d{i:00000}", terms, [.. terms.Select(_ => (byte)random.Next(1, 256))]);
        })];
    }

    /// <summary>Writes each document to the shard that owns it, and seals all but the last few.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="index">The index; its grains have not opened it yet.</param>
    /// <param name="documents">What to write.</param>
    /// <param name="sealAtBytes">How large a segment grows.</param>
    public static async Task WriteAsync(IBlobStore store, IndexDefinition index, IEnumerable<Document> documents, int sealAtBytes = 64 << 10)
    {
        foreach (IGrouping<int, Document> own in documents.GroupBy(document => index.Shards.ShardOf(Shard.BucketOf(document.Key))))
        {
            await using Shard shard = await Shard.OpenAsync(store, FolderOf(index, own.Key), new ShardOptions { SealAtBytes = sealAtBytes }, CancellationToken.None);
            foreach (Document[] portion in own.Chunk(100))
            {
                var batch = new ShardBatch();
                foreach (Document document in portion)
                {
                    batch.Upsert(Guid.NewGuid(), document.Key, "{}"u8, [], document.TermIds, document.Impacts);
                }

                _ = await shard.ApplyAsync(batch.ToArray());
            }
        }
    }

    /// <summary>The blobs' common prefix of a shard of tenant <c>acme</c>.</summary>
    public static string FolderOf(IndexDefinition index, int shard) => $"shards/acme/{index.Name}/{index.Generation}/{shard}";
}
