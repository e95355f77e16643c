using System.Runtime.InteropServices;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Sums the sparse figures of an index's shards. A term's documents lie on every shard: its share is known only from all.</summary>
internal static class SparseMeasurement
{
    private const int NoTerm = -1;

    /// <summary>Asks every shard for its sums and all its terms, some tens of thousands a call.</summary>
    public static async Task<SparseIndexReport> MeasureAsync(
        IReadOnlyList<int> shards, Func<int, IShardGrain> shardOf, CancellationToken cancellationToken)
    {
        Dictionary<int, long> documentsOfTerm = [];
        Gathered<SparseSums> gathered = await FanOut.AskAsync(
            shards, (ordinal, token) => AddTermsAsync(shardOf(ordinal), documentsOfTerm, token), cancellationToken);
        var sums = SparseSums.Sum([.. gathered.Answers.Select(answer => answer.Value)]);
        double documents = Math.Max(1, sums.Documents);
        double flops = documentsOfTerm.OrderBy(term => term.Key).Sum(term => Math.Pow(term.Value / documents, 2));
        return new SparseIndexReport(sums, documentsOfTerm.Count, flops, gathered.Coverage);
    }

    /// <summary>Sums the counts of given terms.</summary>
    public static async Task<SparseTermFrequencies> CountAsync(
        IReadOnlyList<int> shards, Func<int, IShardGrain> shardOf, int[] termIds, CancellationToken cancellationToken)
    {
        Gathered<SparseTermFrequencies> gathered = await FanOut.AskAsync(
            shards, (ordinal, token) => shardOf(ordinal).CountSparseTermsAsync(termIds, token), cancellationToken);
        return new SparseTermFrequencies(
            gathered.Answers.Sum(answer => answer.Value.Documents),
            [.. termIds.Select((_, i) => gathered.Answers.Sum(answer => answer.Value.Counts[i]))],
            gathered.Coverage);
    }

    /// <summary>A shard's sums; its terms are added only once all of them are here, so that one that fails midway adds nothing.</summary>
    private static async Task<SparseSums> AddTermsAsync(IShardGrain shard, Dictionary<int, long> documentsOfTerm, CancellationToken cancellationToken)
    {
        List<SparseReport> reports = [];
        int after = NoTerm;
        do
        {
            SparseReport report = await shard.MeasureSparseAsync(after, cancellationToken);
            reports.Add(report);
            after = report.More ? MemoryMarshal.Cast<byte, int>(report.TermIds.Span)[^1] : NoTerm;
        }
        while (after != NoTerm);

        cancellationToken.ThrowIfCancellationRequested();
        foreach (SparseReport report in reports)
        {
            ReadOnlySpan<int> termIds = MemoryMarshal.Cast<byte, int>(report.TermIds.Span);
            ReadOnlySpan<long> counts = MemoryMarshal.Cast<byte, long>(report.Counts.Span);
            for (int i = 0; i < termIds.Length; i++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(documentsOfTerm, termIds[i], out _) += counts[i];
            }
        }

        return reports[0].Sums;
    }
}
