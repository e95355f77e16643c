using Platform.Abstractions.Records;
using Platform.Client.Contracts;

namespace Platform.Gateway.Endpoints;

/// <summary>The sparse part's figures, from the cluster's words to the contract's.</summary>
internal static class SparseStatistics
{
    /// <summary>Means and shares of the sums.</summary>
    public static SparseIndexStatistics Of(SparseIndexReport report)
    {
        SparseSums sums = report.Sums;
        double sealedPostings = Math.Max(1, sums.SealedPostings);
        return new SparseIndexStatistics
        {
            Documents = sums.Documents,
            Postings = sums.Postings,
            Terms = report.Terms,
            TermsPerDocument = sums.Postings / (double)Math.Max(1, sums.Documents),
            ExpectedDocumentFlops = report.ExpectedFlops,
            SealedPostings = sums.SealedPostings,
            BytesPerPosting = sums.SealedPostings == 0 ? 0 : sums.BytesByPart.Sum(part => part.Bytes) / sealedPostings,
            BytesByPart = sums.BytesByPart.ToDictionary(part => part.Name, part => part.Bytes, StringComparer.Ordinal),
            Reordering = new ReorderingGain
            {
                Bytes = (long)sums.Layout.Bytes,
                RandomBytes = (long)Math.Round(sums.RandomLayout.Bytes),
                Steps = (long)sums.Layout.Steps,
                RandomSteps = (long)Math.Round(sums.RandomLayout.Steps),
                DenseShare = sums.Layout.DensePostings / sealedPostings,
                RandomDenseShare = sums.RandomLayout.DensePostings / sealedPostings,
            },
            Coverage = Statistics.CoverageOf(report.Coverage),
        };
    }
}
