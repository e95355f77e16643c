using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>The newest documents, searchable as soon as they are added; sealed into a file by <see cref="SegmentWriter"/>.</summary>
internal sealed class MemorySegment : Segment
{
    private readonly Dictionary<string, PostingsBuffer> _lexical = [];
    private readonly Dictionary<ulong, int> _newestByHash = [];
    private readonly List<byte[]> _keys = [];
    private readonly List<byte[]> _stored = [];
    private readonly List<int> _olderOfSameHash = [];
    private int[] _lengths = new int[256];
    private int[] _termIds = new int[256];
    private float[] _weights = new float[256];
    private long _lexicalPostings;
    private readonly MemoryFields _fields = new();
    private DenseMemorySegment? _vectors;

    /// <summary>Makes an empty segment.</summary>
    public MemorySegment(string name) => Name = name;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int DocumentCount => _keys.Count;

    /// <inheritdoc/>
    public override long PostingCount => _lexicalPostings + Sparse.PostingCount;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, _keys.Count);

    /// <summary>Roughly the bytes it holds; the shard seals by it.</summary>
    public long Bytes { get; private set; }

    /// <summary>The lexical terms with their postings, in no order.</summary>
    public IReadOnlyDictionary<string, PostingsBuffer> LexicalTerms => _lexical;

    /// <summary>The sparse postings; its docIds are this segment's.</summary>
    public SparseMemorySegment Sparse { get; } = new(new SparseBuildOptions { Scale = SparseScale });

    /// <inheritdoc/>
    public override long SparsePostingCount => Sparse.PostingCount;

    /// <inheritdoc/>
    public override VectorRows? Vectors => _vectors;

    /// <inheritdoc/>
    public override FieldColumns Fields => _fields;

    /// <inheritdoc/>
    public override FilterMatches Match(FieldFilter filter) => new(FilterEvaluation.Evaluate(filter, _fields, DocumentCount));

    /// <summary>Adds a document. The caller has deleted the older one of its key.</summary>
    public void Add(ulong hash, in ShardOperation operation)
    {
        int docId = _keys.Count;
        _keys.Add(operation.Key.ToArray());
        _stored.Add(operation.Stored.ToArray());
        _olderOfSameHash.Add(_newestByHash.GetValueOrDefault(hash, -1));
        _newestByHash[hash] = docId;
        AddLexical(docId, operation.TermVector);
        AddSparse(operation);
        AddVector(docId, operation);
        _fields.Add(docId, operation.Fields);
        Bytes += 96 + (2L * operation.Fields.Length) + operation.Key.Length + operation.Stored.Length + operation.TermVector.Length + (4L * operation.SparseCount);
    }

    /// <inheritdoc/>
    public override int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        for (int docId = _newestByHash.GetValueOrDefault(hash, -1); docId >= 0; docId = _olderOfSameHash[docId])
        {
            if (!Deleted.Contains(docId) && key.SequenceEqual(_keys[docId]))
            {
                return docId;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> KeyOf(int docId) => _keys[docId];

    /// <inheritdoc/>
    public override byte[] StoredOf(int docId) => _stored[docId];

    /// <inheritdoc/>
    public override Postings LexicalPostings(string term) => _lexical.TryGetValue(term, out PostingsBuffer? found) ? found.Postings : default;

    /// <inheritdoc/>
    public override SparseTopK Search(
        SparseSearchers searchers, ReadOnlySpan<int> termIds, ReadOnlySpan<int> impacts, in SparseSearchOptions options, FilterMatches? matches) =>
        searchers.OfMemory.Search(Sparse, termIds, impacts, options.K, ExcludedBy(matches), ByKey, options.Work);

    /// <inheritdoc/>
    public override int ImpactOf(int termId, int docId)
    {
        foreach (uint posting in Sparse.Postings(termId))
        {
            if ((int)(posting >> 8) == docId)
            {
                return (int)(posting & 255);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override void MarkSparse(int termId, Span<ulong> documents)
    {
        foreach (uint posting in Sparse.Postings(termId))
        {
            int docId = (int)(posting >> 8);
            documents[docId >> 6] |= 1UL << docId;
        }
    }

    private void AddSparse(in ShardOperation operation)
    {
        int terms = operation.SparseCount;
        if (terms > _termIds.Length)
        {
            _termIds = new int[2 * terms];
            _weights = new float[2 * terms];
        }

        for (int i = 0; i < terms; i++)
        {
            _termIds[i] = operation.SparseTermId(i);
            _weights[i] = operation.SparseImpacts[i] * SparseScale;
        }

        Sparse.Add(_termIds.AsSpan(0, terms), _weights.AsSpan(0, terms));
    }

    private void AddVector(int docId, in ShardOperation operation)
    {
        if (!operation.Vector.IsEmpty)
        {
            _vectors ??= new DenseMemorySegment(new VectorLayout(operation.Vector.Length, operation.Precision));
            _vectors.Add(docId, operation.Vector);
            Bytes += _vectors.Layout.RowBytes + _vectors.Layout.SeparateCodeBytes;
        }
    }

    private void AddLexical(int docId, ReadOnlySpan<byte> termVector)
    {
        if (docId == _lengths.Length)
        {
            Array.Resize(ref _lengths, _lengths.Length * 2);
        }

        if (termVector.IsEmpty)
        {
            return;
        }

        var terms = new TermVectorReader(termVector);
        var lookup = _lexical.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> characters = stackalloc char[256];
        while (terms.Next())
        {
            ReadOnlySpan<char> term = terms.Term.Length <= characters.Length
                ? characters[..Encoding.UTF8.GetChars(terms.Term, characters)]
                : Encoding.UTF8.GetString(terms.Term);
            if (!lookup.TryGetValue(term, out PostingsBuffer? postings))
            {
                lookup[term] = postings = new PostingsBuffer();
            }

            postings.Add(docId, terms.Count);
            _lexicalPostings++;
        }

        _lengths[docId] = terms.TotalLength;
        if (terms.TotalLength > 0)
        {
            TextDocuments++;
            TotalLength += terms.TotalLength;
        }
    }
}
