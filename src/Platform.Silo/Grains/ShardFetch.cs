using System.Globalization;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;

namespace Platform.Silo.Grains;

/// <summary>Reads a document that was found, and what its terms have in common with the query's.</summary>
internal static class ShardFetch
{
    /// <summary>One document as the call asks for it; it may be gone by now.</summary>
    public static FetchedDocument One(Shard shard, string key, FetchCall fetch)
    {
        byte[]? stored = shard.Fetch(key);
        byte[]? returned = fetch.WithStored ? stored : null;
        return new FetchedDocument(stored is not null, returned, fetch.Explain is null ? null : Explain(shard, key, fetch.Explain));
    }

    private static TermMatch[]? Explain(Shard shard, string key, ShardQuery query)
    {
        if (query.Lexical is { } lexical)
        {
            return shard.Explain(key, LexicalQueries.Of(lexical)) is not { } weights
                ? null
                : [.. weights.Select((w, i) => new TermMatch(lexical.Terms[i], lexical.Weights[i], w)).Where(match => match.DocumentWeight > 0)];
        }

        if (query.Sparse is null)
        {
            return [];                                       // of a dense query no component explains anything
        }

        ImpactQuery impacts = SparseSearch.ImpactsOf(query.Sparse);
        return shard.Explain(key, impacts, query.SparseScale) is not { } sparse
            ? null
            : [.. sparse.Select((w, i) => new TermMatch(
                impacts.TermIds[i].ToString(CultureInfo.InvariantCulture), impacts.Impacts[i] * impacts.Scale, w))
                .Where(match => match.DocumentWeight > 0)];
    }
}
