namespace Platform.Indexing.Ranking;

/// <summary>What one search has read so far, and whether anybody still waits for it.</summary>
/// <remarks>
/// The loops report after each step, of at most about <see cref="PostingsPerStep"/> postings or one window of documents; so
/// a cancelled search ends within a step, a few milliseconds. One thread reports, any may read.
/// </remarks>
internal sealed class SearchWork(CancellationToken cancellationToken)
{
    /// <summary>Postings of one list that are read between two looks at the token.</summary>
    public const int PostingsPerStep = 1 << 16;

    private long _postings;

    /// <summary>Postings read.</summary>
    public long Postings => Volatile.Read(ref _postings);

    /// <summary>Reports a step.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public void Add(long postings)
    {
        Volatile.Write(ref _postings, _postings + postings);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
