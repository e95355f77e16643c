using System.Runtime.InteropServices;
using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;

namespace Platform.Silo.Grains;

/// <summary>Reads an index's documents in key order: the next ones of every shard, merged up to where all of them are known.</summary>
internal static class ScrollRun
{
    /// <summary>Bytes of a shard's page: below the megabyte of a message.</summary>
    private const int MaxBytesOfShard = 512 * 1024;

    /// <summary>Documents asked of each shard beyond its even share, so that a page is seldom short.</summary>
    private const int Slack = 16;

    /// <summary>A page of the index. Every shard must answer: without one of them the order has holes.</summary>
    public static async Task<ScrollPage> ReadAsync(
        ScrollCall call, IndexDefinition definition, Func<int, IShardGrain> shardOf, CancellationToken cancellationToken)
    {
        if (call.Generation is { } generation && generation != definition.Generation)
        {
            throw new PlatformException(
                FaultKind.Invalid, $"The cursor is of generation {generation} of index '{definition.Name}', which is now at generation {definition.Generation}: it was deleted and created anew. Begin without a cursor.");
        }

        int[] shards = [.. definition.Shards.Ranges.Select(range => range.Ordinal)];
        var ofShard = call with
        {
            Limit = Math.Min(call.Limit, (call.Limit / shards.Length) + (call.Limit / (4 * shards.Length)) + Slack),
            MaxBytes = Math.Min(call.MaxBytes, MaxBytesOfShard),
        };
        Gathered<ScrollPage> gathered = await FanOut.AskAsync(shards, (ordinal, token) => shardOf(ordinal).ScrollAsync(ofShard, token), cancellationToken);
        if (gathered.Coverage.Failed is [var missing, ..])
        {
            throw new PlatformException(FaultKind.Unavailable, $"Shard {missing.Ordinal} did not answer, and documents can't be read past it: {missing.Reason}", TimeSpan.FromSeconds(1));
        }

        ScrollPage page = Merge([.. gathered.Answers.Select(answer => answer.Value)], call, definition.Generation);
        double scale = ImpactQuantiser.Scale(definition.SparseMaxWeight);
        return page with { Documents = [.. page.Documents.Select(document => document with { Scale = scale })] };
    }

    /// <summary>The next documents of one shard.</summary>
    public static ScrollPage ReadShard(Shard shard, ScrollCall call, CancellationToken cancellationToken)
    {
        ShardPage page = shard.Scroll(new ScrollRequest(call.After, call.Limit, call.MaxBytes, call.WithVectors), cancellationToken);
        return new ScrollPage
        {
            Documents =
            [
                .. page.Documents.Select(document => new ScrolledDocument
                {
                    DocumentKey = document.DocumentKey,
                    Stored = document.Stored,
                    TermIds = MemoryMarshal.AsBytes(document.TermIds.AsSpan()).ToArray(),
                    Impacts = document.Impacts,
                }),
            ],
            More = page.More,
            Generation = 0,
        };
    }

    /// <summary>Merges pages of disjoint shards. Above the last document of a page that has more, its shard may have any: there the merge ends.</summary>
    public static ScrollPage Merge(IReadOnlyList<ScrollPage> pages, ScrollCall call, int generation)
    {
        var byKey = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
        (byte[] Key, ScrolledDocument Document)[] all =
        [
            .. pages.SelectMany(page => page.Documents).Select(document => (Encoding.UTF8.GetBytes(document.DocumentKey), document)).OrderBy(entry => entry.Item1, byKey),
        ];
        byte[]? end = pages.Where(page => page.More).Select(page => Encoding.UTF8.GetBytes(page.Documents[^1].DocumentKey)).Min(byKey);
        List<ScrolledDocument> merged = [];
        long bytes = 0;
        foreach ((byte[] key, ScrolledDocument document) in all)
        {
            bytes += document.Stored.Length + document.TermIds.Length + document.Impacts.Length;
            bool isFull = merged.Count == call.Limit || (merged.Count > 0 && bytes > call.MaxBytes);
            if (isFull || (end is not null && byKey.Compare(key, end) > 0))
            {
                return new ScrollPage { Documents = [.. merged], More = true, Generation = generation };
            }

            merged.Add(document);
        }

        return new ScrollPage { Documents = [.. merged], More = end is not null, Generation = generation };
    }
}
