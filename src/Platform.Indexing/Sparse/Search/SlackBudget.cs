namespace Platform.Indexing.Sparse;

/// <summary>How much WindowMaxScore leaves out of a window's scan; constants measured on the collection of <c>SparseGenerator</c>.</summary>
internal static class SlackBudget
{
    // Of the threshold, what the terms left out may hold together. 0.65 to 0.85 measure the same; below, more is scanned,
    // above, more candidates are looked up.
    private const float Share = 0.75f;

    // Cost of looking one term up for one candidate, in units of adding one posting in a scan.
    private const int LookupCost = 5;

    /// <summary>What the terms left out of the scan may hold together at a threshold.</summary>
    public static long Slack(long threshold) => threshold <= 1 ? 0 : (long)(Share * threshold);

    /// <summary>Whether scanning the terms left out costs less than looking them up for each candidate.</summary>
    public static bool IsScanCheaper(int candidates, int terms, int postings) =>
        (long)candidates * terms * LookupCost > postings;
}
