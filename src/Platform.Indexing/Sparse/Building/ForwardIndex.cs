namespace Platform.Indexing.Sparse;

/// <summary>Documents of a segment under construction: for each, its term ordinals and impacts.</summary>
/// <remarks>
/// 5 bytes a posting in pieces of 2^20 postings, so that growing never copies and never asks for one huge array. A document lies
/// in one piece. Appending is not thread-safe; reading what was appended before is, beside no writer.
/// </remarks>
internal sealed class ForwardIndex
{
    private const int PieceSize = 1 << 20;

    private readonly List<int[]> _terms = [];
    private readonly List<byte[]> _impacts = [];
    private readonly List<(int Piece, int Start, int Length)> _documents = [];
    private int _used = PieceSize;

    /// <summary>The terms of all documents.</summary>
    public TermTable Terms { get; } = new();

    /// <summary>How many documents were added; the next one gets this number.</summary>
    public int DocumentCount => _documents.Count;

    /// <summary>How many postings were added.</summary>
    public long PostingCount { get; private set; }

    /// <summary>Memory held, in bytes, without the term table.</summary>
    public long SizeInBytes => (5L * PieceSize * _terms.Count) + (12L * _documents.Capacity);

    /// <summary>The term ordinals of a document.</summary>
    public ReadOnlySpan<int> TermsOf(int document) => WritableTermsOf(document);

    /// <summary>The impacts of a document, one a term.</summary>
    public ReadOnlySpan<byte> ImpactsOf(int document) => WritableImpactsOf(document);

    /// <summary>Appends a document.</summary>
    /// <param name="termIds">Its terms, each once.</param>
    /// <param name="impacts">One a term, 1 to 255.</param>
    public void Add(ReadOnlySpan<int> termIds, ReadOnlySpan<byte> impacts)
    {
        int document = AddEmpty(termIds.Length);
        Span<int> terms = WritableTermsOf(document);
        for (int i = 0; i < termIds.Length; i++)
        {
            terms[i] = Terms.OrdinalOf(termIds[i]);
        }

        impacts.CopyTo(WritableImpactsOf(document));
    }

    /// <summary>Appends a document whose postings the caller writes later, all of them, before anything reads it.</summary>
    /// <returns>The document's number.</returns>
    public int AddEmpty(int length)
    {
        if (_used + (long)length > PieceSize)
        {
            int size = Math.Max(PieceSize, length);
            _terms.Add(GC.AllocateUninitializedArray<int>(size));
            _impacts.Add(GC.AllocateUninitializedArray<byte>(size));
            _used = 0;
        }

        _documents.Add((_terms.Count - 1, _used, length));
        _used += length;
        PostingCount += length;
        return _documents.Count - 1;
    }

    /// <summary>Where the term ordinals of a document added empty are written.</summary>
    public Span<int> WritableTermsOf(int document)
    {
        (int piece, int start, int length) = _documents[document];
        return length == 0 ? [] : _terms[piece].AsSpan(start, length);
    }

    /// <summary>Where the impacts of a document added empty are written.</summary>
    public Span<byte> WritableImpactsOf(int document)
    {
        (int piece, int start, int length) = _documents[document];
        return length == 0 ? [] : _impacts[piece].AsSpan(start, length);
    }
}
