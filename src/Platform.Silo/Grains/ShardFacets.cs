using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Fields;
using Platform.Indexing.Shards;

namespace Platform.Silo.Grains;

/// <summary>Facets of one shard, and their sum over all.</summary>
internal static class ShardFacets
{
    /// <summary>Counts on one shard; too many different values are told in the reply, so that they do not look like a shard that failed.</summary>
    public static FacetReply Count(Shard shard, FacetCall call, CancellationToken cancellationToken)
    {
        FacetCounter[] counters = [.. call.Fields.Select(field => new FacetCounter(field.Field, FieldFilters.KindOf(field.IsWords)))];
        try
        {
            shard.CountFacets(MatchesOf(call.Queries), counters, cancellationToken);
        }
        catch (FacetLimitException e)
        {
            return new FacetReply { Fields = [], Fault = e.Message };
        }

        return new FacetReply { Fields = [.. counters.Select((counter, i) => Describe(counter, call.Fields[i].IsWords))] };
    }

    /// <summary>What some legs match together.</summary>
    public static QueryMatches MatchesOf(ShardQuery[] queries)
    {
        ShardQuery? lexical = queries.FirstOrDefault(query => query.Lexical is not null);
        ShardQuery? sparse = queries.FirstOrDefault(query => query.Sparse is not null);
        return new QueryMatches(
            lexical?.Lexical is { } terms ? LexicalQueries.Of(terms) : null,
            sparse?.Sparse is { } vector ? SparseSearch.ImpactsOf(vector) : null,
            queries.Any(query => query.Dense is not null),
            FieldFilters.OfOrNull(queries.FirstOrDefault()?.Filter));
    }

    /// <summary>The sum over shards: of each field the most frequent values first, equally frequent ones ascending.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Invalid"/>: a field has too many different values.</exception>
    public static FacetCounts[] Sum(FacetWanted[] wanted, IReadOnlyList<FacetReply> replies) =>
        replies.FirstOrDefault(reply => reply.Fault is not null) is { Fault: { } fault }
            ? throw new PlatformException(FaultKind.Invalid, fault)
            : [.. wanted.Select((field, i) => field.IsWords
                ? Words(field, replies.Select(reply => reply.Fields[i]))
                : Scalars(field, replies.Select(reply => reply.Fields[i])))];

    private static FacetCounts Describe(FacetCounter counter, bool isWords) => new()
    {
        Field = counter.Field,
        Words = isWords ? [.. counter.Words.Keys] : null,
        Scalars = isWords ? null : [.. counter.Scalars.Keys],
        Counts = isWords ? [.. counter.Words.Values] : [.. counter.Scalars.Values],
    };

    private static FacetCounts Words(FacetWanted wanted, IEnumerable<FacetCounts> parts)
    {
        (List<(string Value, long Count)> best, int distinct) = Best(
            wanted, parts.SelectMany(part => part.Words!.Zip(part.Counts)), StringComparer.Ordinal, StringComparer.Ordinal);
        return new FacetCounts
        {
            Field = wanted.Field,
            Words = [.. best.Select(entry => entry.Value)],
            Counts = [.. best.Select(entry => entry.Count)],
            Distinct = distinct,
        };
    }

    private static FacetCounts Scalars(FacetWanted wanted, IEnumerable<FacetCounts> parts)
    {
        (List<(long Value, long Count)> best, int distinct) = Best(
            wanted, parts.SelectMany(part => part.Scalars!.Zip(part.Counts)), EqualityComparer<long>.Default, Comparer<long>.Default);
        return new FacetCounts
        {
            Field = wanted.Field,
            Scalars = [.. best.Select(entry => entry.Value)],
            Counts = [.. best.Select(entry => entry.Count)],
            Distinct = distinct,
        };
    }

    private static (List<(T Value, long Count)> Best, int Distinct) Best<T>(
        FacetWanted wanted, IEnumerable<(T Value, long Count)> parts, IEqualityComparer<T> equality, IComparer<T> order)
        where T : notnull
    {
        var sums = new Dictionary<T, long>(equality);
        foreach ((T value, long count) in parts)
        {
            sums[value] = sums.GetValueOrDefault(value) + count;
        }

        return sums.Count > FacetCounter.MostValues
            ? throw new PlatformException(FaultKind.Invalid, new FacetLimitException(wanted.Field).Message)
            : ([.. sums.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, order).Take(wanted.Top).Select(entry => (entry.Key, entry.Value))], sums.Count);
    }
}
