using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Finds the best groups and the best documents of each, exactly: round after round it asks for the best of what is in no group that is known.</summary>
/// <remarks>
/// A round finds at least one group, and what it finds ranks below what earlier rounds found, so groups come in the order of their best
/// documents. Then each group is searched by itself, since its second best may lie anywhere.
/// </remarks>
internal sealed class GroupedSearch(SearchMode mode, ShardQuery query, Grouping grouping, ShardCoverage statistics, Func<int, IShardGrain> shardOf)
{
    private const int HitsPerWantedGroup = 3;
    private const int LeastHits = 30;

    private readonly List<MissingShard> _failed = [.. statistics.Failed];

    /// <summary>Runs the rounds; a shard that fails in one is left out of the others.</summary>
    /// <param name="shards">All shards of the index.</param>
    /// <param name="offset">Groups to leave out.</param>
    /// <param name="top">Groups to find.</param>
    /// <param name="cancellationToken">The deadline of all rounds.</param>
    public async Task<LegAnswer> RunAsync(int[] shards, int offset, int top, CancellationToken cancellationToken)
    {
        List<GroupHit> groups = await FindGroupsAsync(shards, offset + top, cancellationToken);
        GroupHit[] page = [.. groups.Skip(offset)];
        GroupHit[][] members = grouping.Size == 1
            ? [.. page.Select(best => (GroupHit[])[best])]
            : await Task.WhenAll(page.Select(group => AskAsync(shards, With(OneOf([group.Value])), grouping.Size, cancellationToken)));
        GroupHit[] all = [.. members.SelectMany(group => group)];
        return new LegAnswer(mode, query with { Filter = With(null) }, [.. all.Select(hit => new LegHit(hit.Value.DocumentKey, hit.Score, hit.Shard))], statistics with { Failed = [.. _failed.DistinctBy(missing => missing.Ordinal)] }, null)
        {
            Grouped = [.. all.Select(hit => new FoundDocument { DocumentKey = hit.Value.DocumentKey, Score = hit.Score, Value = hit.Value })],
        };
    }

    private async Task<List<GroupHit>> FindGroupsAsync(int[] shards, int wanted, CancellationToken cancellationToken)
    {
        List<GroupHit> groups = [];
        HashSet<(string?, long)> known = [];
        while (groups.Count < wanted)
        {
            int ask = Math.Max(LeastHits, HitsPerWantedGroup * (wanted - groups.Count));
            FilterNode? others = groups.Count == 0 ? null : new FilterNode { Kind = FilterKind.Not, Children = [OneOf([.. groups.Select(group => group.Value)])] };
            GroupHit[] hits = await AskAsync(shards, With(others), ask, cancellationToken);
            int before = groups.Count;
            groups.AddRange(hits.Where(hit => hit.Value.HasValue && known.Add((hit.Value.Word, hit.Value.Scalar))));
            if (hits.Length < ask || groups.Count == before)
            {
                break;
            }
        }

        return groups.Count > wanted ? groups[..wanted] : groups;
    }

    private async Task<GroupHit[]> AskAsync(int[] shards, FilterNode filter, int top, CancellationToken cancellationToken)
    {
        ShardQuery asked = query with { Filter = filter, Top = top, Grouping = grouping };
        int[] reached;
        lock (_failed)
        {
            reached = [.. shards.Except(_failed.Select(missing => missing.Ordinal))];
        }

        Gathered<ShardHits> gathered = await FanOut.AskAsync(reached, (ordinal, token) => shardOf(ordinal).SearchAsync(asked, token), cancellationToken);
        lock (_failed)
        {
            _failed.AddRange(gathered.Coverage.Failed);
            if (_failed.Count >= shards.Length)
            {
                throw new PlatformException(FaultKind.Unavailable, $"None of {shards.Length} shards answered; shard {_failed[0].Ordinal}: {_failed[0].Reason}", TimeSpan.FromSeconds(1));
            }
        }

        var values = gathered.Answers.SelectMany(answer => answer.Value.Values!).ToDictionary(value => value.DocumentKey, StringComparer.Ordinal);
        return
        [
            .. HitMerge.Merge([.. gathered.Answers.Select(answer => HitPacking.Unpack(answer.Value.Packed.Span))], 0, top)
                .Select(hit => new GroupHit(values[hit.DocumentKey], hit.Score, gathered.Answers[hit.List].Ordinal)),
        ];
    }

    private FilterNode With(FilterNode? more)
    {
        FilterNode hasValue = new() { Kind = FilterKind.Exists, Field = grouping.Field, IsWords = grouping.IsWords };
        FilterNode?[] all = [query.Filter, hasValue, more];
        return new FilterNode { Kind = FilterKind.And, Children = [.. all.OfType<FilterNode>()] };
    }

    private FilterNode OneOf(DocumentValue[] values)
    {
        var node = new FilterNode { Kind = FilterKind.In, Field = grouping.Field, IsWords = grouping.IsWords };
        return grouping.IsWords
            ? node with { Words = [.. values.Select(value => value.Word!)] }
            : node with { Scalars = [.. values.Select(value => value.Scalar)] };
    }

    private sealed record GroupHit(DocumentValue Value, double Score, int Shard);
}
