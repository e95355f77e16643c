namespace Platform.Indexing.Sparse;

/// <summary>Documents that are not sealed yet: searchable as soon as they are added.</summary>
/// <remarks>
/// Postings are kept by term, 4 bytes each (24 bits docId, 8 bits impact) in arrays that double. Any number of threads may search
/// at once, each with its own <see cref="MemorySearcher"/>; adding needs exclusion from searching, by the caller's lock.
/// </remarks>
internal sealed class SparseMemorySegment
{
    /// <summary>A memory segment takes this many documents at most; seal it well before.</summary>
    public const int MaxDocuments = 1 << 24;

    private readonly SparseBuildOptions _options;
    private readonly DocumentQuantiser _quantiser;
    private readonly TermTable _terms = new();
    private readonly List<PostingsBuffer> _postings = [];
    private readonly List<int> _lengths = [];

    /// <summary>Makes an empty segment.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SparseMemorySegment(SparseBuildOptions options)
    {
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _options = options;
        _quantiser = new DocumentQuantiser(options);
    }

    /// <summary>Documents added; the next one gets this docId.</summary>
    public int DocumentCount => _lengths.Count;

    /// <summary>Postings added, after pruning.</summary>
    public long PostingCount { get; private set; }

    /// <summary>Memory held by postings, in bytes; seal by this.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>Appends a document: quantised and pruned as in a sealed segment.</summary>
    /// <returns>Its docId.</returns>
    /// <exception cref="ArgumentException">A term id is negative, a weight not finite, or the lengths differ.</exception>
    /// <exception cref="InvalidOperationException">The segment is full.</exception>
    public int Add(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        if (DocumentCount == MaxDocuments)
        {
            throw new InvalidOperationException($"A memory segment holds {MaxDocuments} documents at most. Seal it and start another.");
        }

        _quantiser.Quantise(termIds, weights);
        int docId = DocumentCount;
        ReadOnlySpan<int> terms = _quantiser.Terms;
        ReadOnlySpan<byte> impacts = _quantiser.Impacts;
        for (int i = 0; i < terms.Length; i++)
        {
            int ordinal = _terms.OrdinalOf(terms[i]);
            if (ordinal == _postings.Count)
            {
                _postings.Add(new PostingsBuffer());
            }

            SizeInBytes += _postings[ordinal].Add(((uint)docId << 8) | impacts[i]);
        }

        _lengths.Add(terms.Length);
        PostingCount += terms.Length;
        return docId;
    }

    /// <summary>The term's postings, docId above impact, ascending; empty where no document has it.</summary>
    public ReadOnlySpan<uint> Postings(int termId)
    {
        int ordinal = _terms.Find(termId);
        return ordinal < 0 ? [] : _postings[ordinal].Span;
    }

    /// <summary>The terms above one, ascending, with the documents that have each, deleted ones included.</summary>
    public IEnumerable<(int TermId, int Postings)> TermsAbove(int after) =>
        _terms.OrdinalsByTermId().Select(ordinal => (TermId: _terms.TermId(ordinal), Postings: _postings[ordinal].Span.Length)).Where(term => term.TermId > after);

    /// <summary>Moves the live documents into a builder, in ascending docId, to be sealed.</summary>
    /// <param name="builder">Receives them; its options should be this segment's.</param>
    /// <param name="deleted">One bit a document, set where it is dropped; shorter means none beyond.</param>
    public void CopyTo(SparseSegmentBuilder builder, ReadOnlySpan<ulong> deleted)
    {
        int[] documents = new int[DocumentCount];
        for (int docId = 0; docId < documents.Length; docId++)
        {
            bool dropped = docId >> 6 < deleted.Length && ((deleted[docId >> 6] >> docId) & 1) != 0;
            documents[docId] = dropped ? -1 : builder.Documents.AddEmpty(_lengths[docId]);
        }

        int[] used = new int[DocumentCount];
        for (int ordinal = 0; ordinal < _postings.Count; ordinal++)
        {
            int newOrdinal = -1;
            foreach (uint posting in _postings[ordinal].Span)
            {
                int docId = (int)(posting >> 8);
                if (documents[docId] >= 0)
                {
                    newOrdinal = newOrdinal < 0 ? builder.Documents.Terms.OrdinalOf(_terms.TermId(ordinal)) : newOrdinal;
                    builder.Documents.WritableTermsOf(documents[docId])[used[docId]] = newOrdinal;
                    builder.Documents.WritableImpactsOf(documents[docId])[used[docId]++] = (byte)posting;
                }
            }
        }

        builder.AccountFor(_quantiser.Properties(reordered: false) with { Scale = _options.Scale });
    }

    /// <summary>The postings of one term, growing.</summary>
    private sealed class PostingsBuffer
    {
        private uint[] _items = new uint[4];
        private int _count;

        public ReadOnlySpan<uint> Span => _items.AsSpan(0, _count);

        // Returns by how many bytes it grew.
        public int Add(uint posting)
        {
            int grown = _count == 0 ? 4 * _items.Length : 0;
            if (_count == _items.Length)
            {
                grown = 4 * _items.Length;
                Array.Resize(ref _items, 2 * _items.Length);
            }

            _items[_count++] = posting;
            return grown;
        }
    }
}
