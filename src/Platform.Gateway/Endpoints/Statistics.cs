using Platform.Abstractions.Records;
using Platform.Client.Contracts;

namespace Platform.Gateway.Endpoints;

/// <summary>Figures and coverage, from the cluster's words to the contract's.</summary>
internal static class Statistics
{
    /// <summary>Sums over the shards that answered.</summary>
    public static IndexStatistics Sum(IndexReport report)
    {
        long textDocuments = report.Shards.Sum(s => s.TextDocuments);
        return new IndexStatistics
        {
            Documents = report.Shards.Sum(s => s.Documents),
            DeletedDocuments = report.Shards.Sum(s => s.DeletedDocuments),
            Postings = report.Shards.Sum(s => s.Postings),
            Vectors = report.Shards.Sum(s => s.Vectors),
            AverageLength = textDocuments == 0 ? 0 : (double)report.Shards.Sum(s => s.TotalLength) / textDocuments,
            StoredBytes = report.Shards.Sum(s => s.SegmentBytes + s.LogBytes),
            Shards = [.. report.Shards.Select(Of)],
            Coverage = CoverageOf(report.Coverage),
        };
    }

    /// <summary>Which shards answered.</summary>
    public static Coverage CoverageOf(ShardCoverage coverage) => new()
    {
        Asked = coverage.Asked,
        Answered = coverage.Asked - coverage.Failed.Length,
        Failed = [.. coverage.Failed.Select(f => new ShardFailure(f.Ordinal, f.Reason))],
    };

    private static ShardStatistics Of(ShardReport shard) => new()
    {
        Ordinal = shard.Ordinal,
        Silo = shard.Silo,
        Epoch = shard.Epoch,
        Documents = shard.Documents,
        DeletedDocuments = shard.DeletedDocuments,
        Postings = shard.Postings,
        Vectors = shard.Vectors,
        Segments = shard.Segments,
        SegmentBytes = shard.SegmentBytes,
        LogBytes = shard.LogBytes,
    };
}
