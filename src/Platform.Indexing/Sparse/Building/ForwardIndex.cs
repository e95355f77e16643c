using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Documents of a segment under construction: for each, its term ordinals and impacts.</summary>
/// <remarks>
/// 5 bytes a posting in pieces of 2^20 postings, so that growing never copies and never asks for one huge array. A document lies in
/// one piece. Pieces that are full move to a <see cref="SpillFile"/> once those in memory reach the budget; where they lie makes no
/// difference to a reader. Appending is not thread-safe; reading what was appended before is, beside no writer. Nothing may be read
/// once it is disposed.
/// </remarks>
internal sealed unsafe class ForwardIndex : IDisposable
{
    private const int PieceSize = 1 << 20;
    private const int PostingSize = sizeof(int) + sizeof(byte);

    private readonly long _budgetBytes;
    private readonly Func<FileStream> _openSpill;
    private readonly List<Piece> _pieces = [];
    private readonly List<(int Piece, int Start, int Length)> _documents = [];
    private SpillFile? _spill;
    private long _heldBytes;
    private int _used;

    /// <summary>Makes an empty index.</summary>
    /// <param name="budgetBytes">Pieces are kept in memory up to this many bytes, but for the one that is being filled.</param>
    /// <param name="openSpill">Opens the file for the others.</param>
    public ForwardIndex(long budgetBytes = long.MaxValue, Func<FileStream>? openSpill = null)
    {
        _budgetBytes = budgetBytes;
        _openSpill = openSpill ?? (() => SpillFile.Open(Path.GetTempPath()));
    }

    /// <summary>The terms of all documents.</summary>
    public TermTable Terms { get; } = new();

    /// <summary>How many documents were added; the next one gets this number.</summary>
    public int DocumentCount => _documents.Count;

    /// <summary>How many postings were added.</summary>
    public long PostingCount { get; private set; }

    /// <summary>Memory held, in bytes, without the term table and what was spilled.</summary>
    public long SizeInBytes => _heldBytes + (12L * _documents.Capacity);

    /// <summary>Bytes that lie in the file.</summary>
    public long SpilledBytes => _spill?.Length ?? 0;

    /// <summary>The term ordinals of a document.</summary>
    public ReadOnlySpan<int> TermsOf(int document) => WritableTermsOf(document);

    /// <summary>The impacts of a document, one a term.</summary>
    public ReadOnlySpan<byte> ImpactsOf(int document) => WritableImpactsOf(document);

    /// <summary>Appends a document.</summary>
    /// <param name="termIds">Its terms, each once.</param>
    /// <param name="impacts">One a term, 1 to 255.</param>
    /// <exception cref="IOException">The budget is used up and the disk full.</exception>
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
    /// <exception cref="IOException">The budget is used up and the disk full.</exception>
    public int AddEmpty(int length)
    {
        if (_pieces.Count == 0 || _used + (long)length > _pieces[^1].Size)
        {
            StartPiece(Math.Max(PieceSize, length));
        }

        _documents.Add((_pieces.Count - 1, _used, length));
        _used += length;
        PostingCount += length;
        return _documents.Count - 1;
    }

    /// <summary>Where the term ordinals of a document added empty are written.</summary>
    public Span<int> WritableTermsOf(int document)
    {
        // SAFETY: a document lies inside its piece, whose memory is pinned or mapped until this is disposed.
        (int piece, int start, int length) = _documents[document];
        return new Span<int>(_pieces[piece].Terms + start, length);
    }

    /// <summary>Where the impacts of a document added empty are written.</summary>
    public Span<byte> WritableImpactsOf(int document)
    {
        // SAFETY: as in WritableTermsOf.
        (int piece, int start, int length) = _documents[document];
        return new Span<byte>((byte*)(_pieces[piece].Terms + _pieces[piece].Size) + start, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _spill?.Dispose();

    private void StartPiece(int size)
    {
        byte[]? memory = null;
        if (_heldBytes + ((long)PostingSize * size) > _budgetBytes && _pieces.Count > 0)
        {
            memory = SpillLast();
        }

        if (memory is null || memory.Length != PostingSize * (long)size)
        {
            _heldBytes += (PostingSize * (long)size) - (memory?.Length ?? 0);
            memory = GC.AllocateUninitializedArray<byte>(checked(PostingSize * size), pinned: true);
        }

        _pieces.Add(new Piece((int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory)), size, memory));
        _used = 0;
    }

    // Returns the memory of the piece that was full, for the next one.
    private byte[] SpillLast()
    {
        Piece full = _pieces[^1];
        byte[] memory = full.Memory!;
        _spill ??= new SpillFile(_openSpill());
        _pieces[^1] = new Piece((int*)_spill.Append(memory), full.Size, null);
        return memory;
    }

    /// <summary>Terms, then impacts, of as many postings as the size says; in memory, or mapped where that is null.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Piece(int* terms, int size, byte[]? memory)
    {
        public readonly int* Terms = terms;
        public readonly int Size = size;
        public readonly byte[]? Memory = memory;
    }
}
