using System.Text;
using Platform.Indexing.Lexical;

namespace Platform.Indexing.Shards;

/// <summary>The newest documents, searchable as soon as they are added; sealed into a file by <see cref="SegmentWriter"/>.</summary>
internal sealed class MemorySegment(string name) : Segment
{
    private readonly Dictionary<string, PostingsBuffer> _lexical = [];
    private readonly Dictionary<int, PostingsBuffer> _sparse = [];
    private readonly Dictionary<ulong, int> _newestByHash = [];
    private readonly List<byte[]> _keys = [];
    private readonly List<byte[]> _stored = [];
    private readonly List<int> _olderOfSameHash = [];
    private int[] _lengths = new int[256];
    private long _postings;

    /// <inheritdoc/>
    public override string Name { get; } = name;

    /// <inheritdoc/>
    public override int DocumentCount => _keys.Count;

    /// <inheritdoc/>
    public override long PostingCount => _postings;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, _keys.Count);

    /// <summary>Roughly the bytes it holds; the shard seals by it.</summary>
    public long Bytes { get; private set; }

    /// <summary>The lexical terms with their postings, in no order.</summary>
    public IReadOnlyDictionary<string, PostingsBuffer> LexicalTerms => _lexical;

    /// <summary>The sparse terms with their postings, in no order.</summary>
    public IReadOnlyDictionary<int, PostingsBuffer> SparseTerms => _sparse;

    /// <summary>Adds a document. The caller has deleted the older one of its key.</summary>
    public void Add(ulong hash, in ShardOperation operation)
    {
        int docId = _keys.Count;
        _keys.Add(operation.Key.ToArray());
        _stored.Add(operation.Stored.ToArray());
        _olderOfSameHash.Add(_newestByHash.GetValueOrDefault(hash, -1));
        _newestByHash[hash] = docId;
        AddLexical(docId, operation.TermVector);
        for (int i = 0; i < operation.SparseCount; i++)
        {
            int termId = operation.SparseTermId(i);
            if (!_sparse.TryGetValue(termId, out PostingsBuffer? postings))
            {
                _sparse.Add(termId, postings = new PostingsBuffer());
            }

            postings.Add(docId, operation.SparseImpacts[i]);
        }

        _postings += operation.SparseCount;
        Bytes += 96 + operation.Key.Length + operation.Stored.Length + operation.TermVector.Length + (3L * operation.SparseCount);
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
    public override Postings SparsePostings(int termId) => _sparse.TryGetValue(termId, out PostingsBuffer? found) ? found.Postings : default;

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
            _postings++;
        }

        _lengths[docId] = terms.TotalLength;
        if (terms.TotalLength > 0)
        {
            TextDocuments++;
            TotalLength += terms.TotalLength;
        }
    }
}
