using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Answers queries on sparse segments. Holds the state a query needs, so that a query allocates only its result.</summary>
/// <remarks>
/// Keep one a thread and reuse it for any segment; not thread-safe. About 150 KB once used, and 4 bytes a block of
/// the largest segment; more for queries of many terms on segments of many windows.
/// </remarks>
internal sealed unsafe class SparseSearcher
{
    private readonly TopKCollector _collector = new();
    private readonly QueryNormaliser _query = new();
    private SparseQueryState<ushort>? _narrow;
    private SparseQueryState<int>? _wide;
    private QueryTerm[] _terms = [];
    private WindowStart[] _starts = [];

    /// <summary>Finds the k best documents of a segment.</summary>
    /// <param name="segment">The segment; it must stay open until this returns.</param>
    /// <param name="termIds">The query's terms, in any order; those that repeat are summed.</param>
    /// <param name="impacts">Their weights, normally 1 to 255; 0 is ignored, negative is allowed.</param>
    /// <param name="options">How many, and how.</param>
    /// <param name="deleted">One bit a document, set where it must not be found, deleted or left out by a filter; shorter means none beyond.</param>
    /// <exception cref="SparseFormatException">A part of the segment that the query needs is damaged.</exception>
    public SparseTopK Search(
        SparseSegment segment,
        ReadOnlySpan<int> termIds,
        ReadOnlySpan<int> impacts,
        in SparseSearchOptions options,
        ReadOnlySpan<ulong> deleted = default)
    {
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _query.Normalise(termIds, impacts, options.TermShare);
        var context = new SearchContext
        {
            DocumentCount = segment.DocumentCount,
            WindowCount = BlockLayout.WindowsOf(segment.DocumentCount),
            Options = options,
            Deleted = deleted,
            KeyRanks = segment.KeyRanks(),
            Collector = _collector,
        };
        Prepare(segment, ref context, out long bound, out long postings, out bool negative);
        context.LargestScore = bound;
        context.CountOpen();
        _collector.Start(options.K, segment.DocumentCount);
        SparseAlgorithm algorithm = SearchPlanner.Choose(in context, negative);
        Run(algorithm, segment, ref context, bound);
        return new SparseTopK(_collector.Finish(), new SparseExecution(
            algorithm,
            options.IsExact,
            context.TermCount,
            context.Windows,
            context.Blocks,
            context.Documents,
            context.Postings,
            postings));
    }

    private void Run(SparseAlgorithm algorithm, SparseSegment segment, ref SearchContext context, long bound)
    {
        bool narrow = bound <= ushort.MaxValue;
        switch (algorithm)
        {
            case SparseAlgorithm.Signed:
                SignedExhaustive.Run(_wide ??= new(), ref context);
                break;
            case SparseAlgorithm.DotProduct:
                DotProduct.Run(segment, ref context);
                break;
            case SparseAlgorithm.BlockMaxPruning when narrow:
                BlockMaxPruning.Run(_narrow ??= new(), ref context);
                break;
            case SparseAlgorithm.BlockMaxPruning:
                BlockMaxPruning.Run(_wide ??= new(), ref context);
                break;
            default:
                if (narrow)
                {
                    Exhaustive.Run(_narrow ??= new(), ref context);
                }
                else
                {
                    Exhaustive.Run(_wide ??= new(), ref context);
                }

                break;
        }
    }

    private void Prepare(SparseSegment segment, ref SearchContext context, out long bound, out long postings, out bool negative)
    {
        int windows = context.WindowCount;
        Grow(_query.Count, windows);
        bound = 0;
        postings = 0;
        negative = false;

        // SAFETY: both arrays are pinned and held by this object; Grow made them large enough.
        context.Terms = (QueryTerm*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_terms));
        var starts = (WindowStart*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_starts));
        for (int i = 0; i < _query.Count; i++)
        {
            int ordinal = segment.FindTerm(_query.TermIds[i]);
            if (ordinal < 0)
            {
                continue;
            }

            ref readonly TermRecord record = ref segment.Record(ordinal);
            ref QueryTerm term = ref context.Terms[context.TermCount];
            term.Postings = segment.Postings(ordinal);
            term.Windows = starts + ((long)context.TermCount * windows);
            term.Ordinal = ordinal;
            term.Weight = _query.Impacts[i];
            term.MaxImpact = record.MaxImpact;
            term.PostingCount = record.PostingCount;
            term.Cost = SearchPlanner.CostOf(in record);
            term.Postings.LocateWindows(term.Windows, windows);
            bound += Math.Abs((long)term.MaxContribution);
            negative |= term.Weight < 0;
            postings += record.PostingCount;
            context.TermCount++;
        }

        if (bound > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(segment),
                $"The query's largest possible score is {bound}; it must stay below {int.MaxValue}. Use query impacts of 1 to 255 and fewer than 30,000 terms.");
        }
    }

    private void Grow(int terms, int startsPerTerm)
    {
        if (_terms.Length < terms || _terms.Length == 0)
        {
            _terms = GC.AllocateArray<QueryTerm>(Math.Max(64, 2 * terms), pinned: true);
        }

        long starts = (long)terms * startsPerTerm;
        if (_starts.Length < starts || _starts.Length == 0)
        {
            _starts = GC.AllocateArray<WindowStart>(checked((int)Math.Max(4096, 2 * starts)), pinned: true);
        }
    }
}
