namespace Platform.Indexing.Sparse;

/// <summary>In which order a query's windows are visited and its terms are left out of the scan.</summary>
/// <remarks>Arrays are kept from query to query; not thread-safe.</remarks>
internal sealed unsafe class SearchOrder
{
    private const int BestFirst = 3;

    private float[] _keys = new float[64];
    private int[] _negatedBounds = [];

    /// <summary>Windows: the few with the largest bounds first, the rest ascending.</summary>
    public int[] Windows { get; private set; } = [];

    /// <summary>Upper bounds of scores, in the order of <see cref="Windows"/>.</summary>
    public int[] WindowBounds { get; private set; } = [];

    /// <summary>Terms, those that hold the least contribution per scan cost first.</summary>
    public int[] Terms { get; private set; } = new int[64];

    /// <summary>Orders the windows and terms of a query.</summary>
    public void Prepare(in SearchContext context)
    {
        OrderTerms(in context);
        int windows = context.WindowCount;
        if (Windows.Length < windows)
        {
            Windows = new int[windows];
            WindowBounds = new int[windows];
            _negatedBounds = new int[windows];
        }

        Span<int> bounds = _negatedBounds.AsSpan(0, windows);
        bounds.Clear();
        for (int i = 0; i < context.TermCount; i++)
        {
            ref QueryTerm term = ref context.Terms[i];
            for (int window = 0; window < windows; window++)
            {
                bounds[window] -= term.MaxContributionIn(window);
            }
        }

        for (int window = 0; window < windows; window++)
        {
            Windows[window] = window;
        }

        bounds.Sort(Windows.AsSpan(0, windows));
        // The rest in order of the file: the threshold is high by now, and memory is read forwards.
        int best = Math.Min(windows, BestFirst);
        Windows.AsSpan(best, windows - best).Sort(bounds[best..]);
        for (int i = 0; i < windows; i++)
        {
            WindowBounds[i] = -bounds[i];
        }
    }

    private void OrderTerms(in SearchContext context)
    {
        if (_keys.Length < context.TermCount)
        {
            _keys = new float[2 * context.TermCount];
            Terms = new int[2 * context.TermCount];
        }

        for (int i = 0; i < context.TermCount; i++)
        {
            Terms[i] = i;
            _keys[i] = context.Terms[i].MaxContribution / context.Terms[i].Cost;
        }

        _keys.AsSpan(0, context.TermCount).Sort(Terms.AsSpan(0, context.TermCount));
    }
}
