using System.Runtime.InteropServices;
using Platform.Abstractions.Records;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;

namespace Platform.Silo.Grains;

/// <summary>Makes one list of the lists of two legs.</summary>
internal static class HitFusion
{
    /// <summary>Reciprocal rank fusion of the best hundred.</summary>
    public static Fusion Default { get; } = new() { Method = FusionMethod.ReciprocalRank, K = ReciprocalRankFusion.DefaultK, DenseWeight = 0.5, Depth = 100 };

    /// <summary>The wanted hits, best first; ties by ascending document key.</summary>
    /// <param name="fusion">How.</param>
    /// <param name="legs">The lexical or sparse leg, then the dense one.</param>
    /// <param name="search">How many, and whether to say where each leg found them.</param>
    public static FoundDocument[] Fuse(Fusion fusion, LegAnswer[] legs, SearchCall search)
    {
        IReadOnlyList<ShardHit>[] lists = [.. legs.Select(leg => leg.Hits.Select(hit => new ShardHit(hit.DocumentKey, hit.Score)).ToArray())];
        FusedHit[] fused = fusion.Method switch
        {
            FusionMethod.MinMax => LinearFusion.Fuse(ScoreScale.MinMax, WeightsOf(fusion), lists),
            FusionMethod.ZScore => LinearFusion.Fuse(ScoreScale.ZScore, WeightsOf(fusion), lists),
            _ => ReciprocalRankFusion.Fuse(fusion.K, lists),
        };
        return [.. fused.Skip(search.Offset).Take(search.Top).Select(hit => new FoundDocument
        {
            DocumentKey = hit.DocumentKey,
            Score = hit.Score,
            Legs = search.Explain ? [.. legs.Select((leg, i) => PlaceOf(leg, hit.Ranks[i]))] : null,
        })];
    }

    private static double[] WeightsOf(Fusion fusion) => [1 - fusion.DenseWeight, fusion.DenseWeight];

    private static LegPlace PlaceOf(LegAnswer leg, int rank) => new(leg.Leg, rank, rank == 0 ? 0 : leg.Hits[rank - 1].Score);
}

/// <summary>What the shards found for one leg.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Query">What they were asked; null if there was nothing to ask for.</param>
/// <param name="Hits">Best first.</param>
/// <param name="Coverage">Which shards answered.</param>
/// <param name="Work">What a sparse search took; else null.</param>
internal sealed record LegAnswer(SearchMode Leg, ShardQuery? Query, LegHit[] Hits, ShardCoverage Coverage, SparseWork? Work)
{
    /// <summary>Of a search in the order of a field: the hits with their values; else null.</summary>
    public DocumentValue[]? Sorted { get; init; }

    /// <summary>Of a grouped search: the hits of the groups that were asked for, group after group; else null.</summary>
    public FoundDocument[]? Grouped { get; init; }

    /// <summary>Of a hybrid search in the order of a field, which has one list: the other leg's query.</summary>
    public ShardQuery[] Others { get; init; } = [];

    /// <summary>A shard that any leg lacks is missing.</summary>
    public static ShardCoverage CoverageOf(LegAnswer[] legs) => new(
        legs[0].Coverage.Asked,
        [.. legs.SelectMany(leg => leg.Coverage.Failed).GroupBy(missing => missing.Ordinal).OrderBy(group => group.Key).Select(group => group.First())]);
}

/// <summary>A document that one leg found.</summary>
/// <param name="DocumentKey">The tenant's key.</param>
/// <param name="Score">The leg's score.</param>
/// <param name="Shard">Where it lies.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LegHit(string DocumentKey, double Score, int Shard);
