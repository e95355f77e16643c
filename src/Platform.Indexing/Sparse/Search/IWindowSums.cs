namespace Platform.Indexing.Sparse;

/// <summary>The inner loops over one window's sums, one implementation a width of sum.</summary>
/// <remarks>Called through a type parameter, so that the compiled loops have no indirect call.</remarks>
/// <typeparam name="TSum">Type of a sum: wide enough for the largest score the query can have.</typeparam>
internal unsafe interface IWindowSums<TSum>
    where TSum : unmanaged
{
    /// <summary>Adds the term's postings of one window. Returns how many.</summary>
    /// <param name="sums">Sums of the window's documents. [16384]</param>
    /// <param name="term">The term.</param>
    /// <param name="window">The window.</param>
    static abstract int Add(TSum* sums, in QueryTerm term, int window);

    /// <summary>Adds weight times the block maxima to bounds.</summary>
    /// <param name="bounds">Bounds of blocks, writable up to a multiple of 32. [count]</param>
    /// <param name="maxima">Block maxima, readable up to a multiple of 32. [count]</param>
    /// <param name="count">Blocks.</param>
    /// <param name="weight">The query's impact of the term.</param>
    static abstract void AddMaxima(TSum* bounds, byte* maxima, int count, int weight);

    /// <summary>The largest sum.</summary>
    static abstract long Largest { get; }

    /// <summary>Adds the term's postings in chosen blocks of one window. Returns how many.</summary>
    /// <param name="sums">Sums of the window's documents. [16384]</param>
    /// <param name="term">The term.</param>
    /// <param name="window">The window.</param>
    /// <param name="chosen">255 for a chosen block, else 0. [256]</param>
    static abstract int AddChosen(TSum* sums, in QueryTerm term, int window, byte* chosen);

    /// <summary>The documents of a block whose sum is at least <paramref name="least"/>, one bit a document.</summary>
    static abstract ulong AtLeast(TSum* block, TSum least);

    /// <summary>A threshold as a sum: at least 0, and no more than a sum can hold.</summary>
    static abstract TSum Clamp(long threshold);

    /// <summary>Reads one sum.</summary>
    static abstract long Read(TSum* sum);

    /// <summary>Adds to one sum.</summary>
    static abstract void Increase(TSum* sum, int change);
}
