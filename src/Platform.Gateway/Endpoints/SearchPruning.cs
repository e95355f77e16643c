using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Approximate search: what a request allows, and what an answer says of it.</summary>
internal static class SearchPruning
{
    /// <summary>Checks the factors.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>, naming every fault at once.</exception>
    public static PruningFactors Validate(PruningSpec given)
    {
        string[] faults =
        [
            .. FaultOf("superblockFactor", given.SuperblockFactor),
            .. FaultOf("blockFactor", given.BlockFactor),
            .. FaultOf("queryTermShare", given.QueryTermShare),
        ];
        return faults.Length == 0
            ? new PruningFactors(given.SuperblockFactor, given.BlockFactor, given.QueryTermShare)
            : throw new RequestException(Fault.Invalid(string.Join(' ', faults)));
    }

    /// <summary>How a search was answered; null for one that has nothing to prune.</summary>
    public static SearchExecution? Describe(SearchCall call, SparseWork? work)
    {
        PruningFactors factors = call.Pruning ?? PruningFactors.None;
        return work is null ? null : new SearchExecution
        {
            Exact = work.IsExact,
            Pruning = new PruningSpec
            {
                SuperblockFactor = factors.SuperblockFactor,
                BlockFactor = factors.BlockFactor,
                QueryTermShare = factors.QueryTermShare,
            },
            Algorithms = work.Algorithms,
            Work = !call.Explain ? null : new SearchWork
            {
                Segments = work.Segments,
                Superblocks = work.Superblocks,
                Blocks = work.Blocks,
                Documents = work.Documents,
                Postings = work.Postings,
                AllPostings = work.AllPostings,
            },
        };
    }

    // The index computes in float32: a factor that would be 0 there is refused.
    private static string[] FaultOf(string member, double value) => (float)value is > 0 and <= 1
        ? []
        : [FormattableString.Invariant($"Member 'pruning.{member}' is {value}; it must be above 0 and at most 1. Use 1 to leave nothing out.")];
}
