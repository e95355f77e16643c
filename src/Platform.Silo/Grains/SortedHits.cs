using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;

namespace Platform.Silo.Grains;

/// <summary>Documents in the order of a field: of one shard, and merged over all.</summary>
internal static class SortedHits
{
    /// <summary>Searches one shard.</summary>
    public static SortReply Search(Shard shard, SortCall call, CancellationToken cancellationToken)
    {
        var sort = new FieldSort(call.Order.Field, FieldFilters.KindOf(call.Order.IsWords), call.Order.Descending);
        SortedHit[] hits = shard.SearchSorted(ShardFacets.MatchesOf(call.Queries), sort, call.Top, cancellationToken);
        return new SortReply([.. hits.Select(Of)]);
    }

    /// <summary>Adds to hits their values of the field that a query groups by; a document that was deleted meanwhile has none.</summary>
    public static ShardHits WithValues(Shard shard, Grouping? grouping, ShardHits hits)
    {
        if (grouping is null)
        {
            return hits;
        }

        var sort = new FieldSort(grouping.Field, FieldFilters.KindOf(grouping.IsWords), Descending: false);
        return hits with { Values = [.. HitPacking.Unpack(hits.Packed.Span).Select(hit => Of(shard.ValueOf(hit.DocumentKey, sort) ?? new SortedHit(hit.DocumentKey, null, null)))] };
    }

    private static DocumentValue Of(SortedHit hit) => new(hit.DocumentKey, hit.Word is not null || hit.Scalar is not null, hit.Word, hit.Scalar ?? 0);

    /// <summary>The first documents over shards, each with its shard.</summary>
    public static (DocumentValue Hit, int Shard)[] Merge(IEnumerable<(int Ordinal, SortReply Value)> replies, FieldOrder order, int top) =>
    [
        .. replies.SelectMany(reply => reply.Value.Hits.Select(hit => (Hit: hit, Shard: reply.Ordinal)))
            .Order(Comparer<(DocumentValue Hit, int Shard)>.Create((a, b) => Compare(a.Hit, b.Hit, order)))
            .Take(top),
    ];

    private static int Compare(DocumentValue a, DocumentValue b, FieldOrder order)
    {
        if (a.HasValue != b.HasValue)
        {
            return a.HasValue ? -1 : 1;
        }

        int byValue = !a.HasValue ? 0 : order.IsWords ? CompareBytes(a.Word!, b.Word!) : a.Scalar.CompareTo(b.Scalar);
        return byValue != 0 ? (order.Descending ? -Math.Sign(byValue) : byValue) : CompareBytes(a.DocumentKey, b.DocumentKey);
    }

    private static int CompareBytes(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
