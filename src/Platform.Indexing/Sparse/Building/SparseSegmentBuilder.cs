namespace Platform.Indexing.Sparse;

/// <summary>Collects documents and writes them as a segment: quantised, pruned, reordered.</summary>
/// <remarks>
/// Holds 5 bytes a posting until <see cref="Build"/>: in memory up to the budget of the options, else in a temporary file that is gone
/// once the builder is disposed, whatever became of the build. <see cref="Build"/> adds a slice of the postings at a time and, to
/// reorder documents, 20 bytes a document and some 25 MB a thread. The segment's bytes do not depend on the budget. Not thread-safe;
/// <see cref="Build"/> may use several threads itself. Use once.
/// </remarks>
internal sealed class SparseSegmentBuilder : IDisposable
{
    private readonly SparseBuildOptions _options;
    private readonly DocumentQuantiser _quantiser;
    private float[] _weights = [];
    private SegmentProperties _merged = new();

    /// <summary>Makes a builder.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SparseSegmentBuilder(SparseBuildOptions options)
        : this(options, () => SpillFile.Open(options.SpillFolder ?? Path.GetTempPath()))
    {
    }

    /// <summary>Makes a builder that spills into a file of the caller's.</summary>
    internal SparseSegmentBuilder(SparseBuildOptions options, Func<FileStream> openSpill)
    {
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _options = options;
        _quantiser = new DocumentQuantiser(options);
        Documents = new ForwardIndex(options.MemoryBudgetBytes, openSpill);
    }

    /// <summary>Documents added so far; the next one gets this number.</summary>
    public int DocumentCount => Documents.DocumentCount;

    /// <summary>Weight of one impact unit.</summary>
    public float Scale => _options.Scale;

    /// <summary>Postings added so far, after pruning.</summary>
    public long PostingCount => Documents.PostingCount;

    /// <summary>Memory held, in bytes.</summary>
    public long SizeInBytes => Documents.SizeInBytes;

    /// <summary>Bytes in the temporary file.</summary>
    public long SpilledBytes => Documents.SpilledBytes;

    internal ForwardIndex Documents { get; }

    /// <summary>Appends a document.</summary>
    /// <param name="termIds">Its terms, 0 or more each, in any order; the weights of one that repeats are summed.</param>
    /// <param name="weights">One a term; those not above 0 are dropped.</param>
    /// <exception cref="ArgumentException">A term id is negative, a weight not finite, or the lengths differ.</exception>
    public void Add(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        _quantiser.Quantise(termIds, weights);
        Documents.Add(_quantiser.Terms, _quantiser.Impacts);
    }

    /// <summary>Appends a document whose weights are impacts already.</summary>
    /// <param name="termIds">Its terms, as for <see cref="Add"/>.</param>
    /// <param name="impacts">One a term; 0 is dropped.</param>
    public void AddImpacts(ReadOnlySpan<int> termIds, ReadOnlySpan<byte> impacts)
    {
        if (_weights.Length < impacts.Length)
        {
            _weights = new float[2 * impacts.Length];
        }

        for (int i = 0; i < impacts.Length; i++)
        {
            _weights[i] = impacts[i] * _options.Scale;
        }

        Add(termIds, _weights.AsSpan(0, impacts.Length));
    }

    /// <summary>Writes the segment at the stream's position, front to back; the stream stays open.</summary>
    /// <param name="stream">Need not seek.</param>
    /// <param name="keyRanks">
    /// The rank of each document's key among the keys, in the order of adding: a permutation that decides between equal scores.
    /// Empty where that order is the order of keys.
    /// </param>
    /// <param name="cancellationToken">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <returns>How long the segment is and where each document went.</returns>
    public SparseBuildResult Build(Stream stream, ReadOnlySpan<int> keyRanks, CancellationToken cancellationToken)
    {
        if (keyRanks.Length > 0 && keyRanks.Length != DocumentCount)
        {
            throw new ArgumentException($"There are {keyRanks.Length} key ranks for {DocumentCount} documents; give one a document, or none.", nameof(keyRanks));
        }

        int[]? order = _options.Reorder && DocumentCount > GraphBisection.Block
            ? GraphBisection.Order(Documents, _options.BisectionRounds, _options.Threads, cancellationToken)
            : null;
        var writer = new SparseSegmentWriter(stream, DocumentCount);
        long sliceBudget = Math.Min(PostingCount / 8, _options.MemoryBudgetBytes / (2 * SegmentSealer.PostingSize));
        int slice = (int)Math.Clamp(sliceBudget, 1 << 16, 1 << 26);
        SegmentSealer.Write(Documents, order, writer, slice, cancellationToken);
        int[] ranks = RanksByDocId(order, keyRanks);
        long length = writer.Finish(ranks, Account(order is not null));
        return new SparseBuildResult(length, order);
    }

    /// <summary>Removes what was spilled.</summary>
    public void Dispose() => Documents.Dispose();

    /// <summary>Adds the account of a segment whose documents were written into <see cref="Documents"/>, past the quantiser.</summary>
    internal void AccountFor(SegmentProperties properties) => _merged = _merged with
    {
        DroppedWeights = _merged.DroppedWeights + properties.DroppedWeights,
        ClippedWeights = _merged.ClippedWeights + properties.ClippedWeights,
        LargestError = Math.Max(_merged.LargestError, properties.LargestError),
        SumOfErrors = _merged.SumOfErrors + properties.SumOfErrors,
    };

    private SegmentProperties Account(bool reordered)
    {
        SegmentProperties own = _quantiser.Properties(reordered);
        double squares = 0;
        for (int document = 0; document < DocumentCount; document++)
        {
            double terms = Documents.TermsOf(document).Length;
            squares += terms * terms;
        }

        return own with
        {
            SumOfSquaredTerms = squares,
            DroppedWeights = own.DroppedWeights + _merged.DroppedWeights,
            ClippedWeights = own.ClippedWeights + _merged.ClippedWeights,
            LargestError = Math.Max(own.LargestError, _merged.LargestError),
            SumOfErrors = own.SumOfErrors + _merged.SumOfErrors,
        };
    }

    private int[] RanksByDocId(int[]? order, ReadOnlySpan<int> keyRanks)
    {
        if (order is null && keyRanks.IsEmpty)
        {
            return [];
        }

        int[] ranks = new int[DocumentCount];
        for (int docId = 0; docId < ranks.Length; docId++)
        {
            int document = order is null ? docId : order[docId];
            ranks[docId] = keyRanks.IsEmpty ? document : keyRanks[document];
        }

        return ranks;
    }
}
