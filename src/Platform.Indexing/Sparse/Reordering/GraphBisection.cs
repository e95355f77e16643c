namespace Platform.Indexing.Sparse;

/// <summary>
/// Document reordering by recursive graph bisection: similar documents get neighbouring docIds, so that blocks have few terms and
/// tight block-max bounds. Dhulipala et al. 2016, arXiv:1602.08820.
/// </summary>
/// <remarks>
/// We differ in two ways. A round moves the documents beyond the median of one joint ranking by gain (Mackenzie et al. 2021,
/// arXiv:2103.16192) instead of swapping two sorted halves. Halves are cut at multiples of <see cref="Block"/>, so that the last
/// partitions are the blocks of the segment. The result depends only on the input, never on the number of threads.
/// </remarks>
internal sealed class GraphBisection
{
    /// <summary>Partitions of this many documents are not divided further.</summary>
    public const int Block = BlockLayout.BlockSize;

    /// <summary>
    /// Partitions from this size on spread one round over all threads; smaller ones run side by side, each copied (18 MB at most at
    /// 135 terms a document).
    /// </summary>
    private const int LargePartition = 1 << 15;

    private readonly ForwardIndex _documents;
    private readonly int _rounds;
    private readonly ParallelOptions _parallel;

    private GraphBisection(ForwardIndex documents, int rounds, int threads, CancellationToken cancellationToken)
    {
        _documents = documents;
        _rounds = rounds;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
    }

    /// <summary>Finds an order of the documents.</summary>
    /// <param name="documents">The documents; nobody may append meanwhile.</param>
    /// <param name="rounds">Rounds of moves a partition at most; 20 in the paper.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="cancellationToken">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <returns>For each new docId the old one.</returns>
    public static int[] Order(ForwardIndex documents, int rounds, int threads, CancellationToken cancellationToken)
    {
        int[] order = new int[documents.DocumentCount];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var bisection = new GraphBisection(documents, rounds, threads, cancellationToken);
        List<(int Start, int Length)> small = [];
        bisection.DivideLarge(order, 0, order.Length, small);
        Parallel.ForEach(
            small,
            bisection._parallel,
            () => new BisectionScratch(documents.Terms.Count),
            (part, _, scratch) =>
            {
                bisection.DivideSmall(order.AsSpan(part.Start, part.Length), scratch);
                return scratch;
            },
            _ => { });
        return order;
    }

    private static int Middle(int length) => (length + Block - 1) / Block / 2 * Block;

    private void DivideLarge(int[] order, int start, int length, List<(int Start, int Length)> small)
    {
        if (length < LargePartition)
        {
            small.Add((start, length));
            return;
        }

        int middle = Middle(length);
        LargeBisection.Divide(_documents, order, start, length, middle, _rounds, _parallel);
        DivideLarge(order, start, middle, small);
        DivideLarge(order, start + middle, length - middle, small);
    }

    private void DivideSmall(Span<int> part, BisectionScratch scratch)
    {
        if (part.Length <= Block)
        {
            return;
        }

        _parallel.CancellationToken.ThrowIfCancellationRequested();
        int middle = Middle(part.Length);
        scratch.Load(_documents, part);
        scratch.Divide(middle, _rounds);
        scratch.Store(part);
        DivideSmall(part[..middle], scratch);
        DivideSmall(part[middle..], scratch);
    }
}
