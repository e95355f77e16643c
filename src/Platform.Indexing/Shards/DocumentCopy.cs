using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Lexical;

namespace Platform.Indexing.Shards;

/// <summary>Everything of one document that its encoder made, gathered out of the postings of its segment, so that the document can be written again without its encoder.</summary>
/// <remarks>
/// Postings lie by term, so each of the segment is looked at. That goes in slices of a few million postings, each under the shard's lock and
/// none between them; a merge in between starts it again.
/// </remarks>
internal sealed class DocumentCopy
{
    private const long PostingsOfOneHold = 4_000_000;

    private readonly Segment _segment;
    private readonly int _docId;
    private readonly SortedDictionary<byte[], int> _terms = TermVector.NewCounts();
    private VectorChunk? _chunk;
    private int _lexicalOrdinal;
    private int[] _termIds = [];
    private byte[] _impacts = [];
    private float[] _vector = [];

    private DocumentCopy(Segment segment, int docId)
    {
        _segment = segment;
        _docId = docId;
    }

    /// <summary>Gathers a document; null if there is none of the key.</summary>
    public static DocumentCopy? Read(ShardState state, byte[] key, CancellationToken cancellationToken)
    {
        DocumentCopy? copy = null;
        bool isWhole = false;
        while (!isWhole)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isWhole = state.Read(now =>
            {
                (Segment? segment, int docId) = now.Find(key);
                if (segment is null)
                {
                    copy = null;
                    return true;
                }

                if (copy is null || !copy.Is(segment, docId))
                {
                    copy = new DocumentCopy(segment, docId);
                }

                return copy.Advance();
            });
        }

        return copy;
    }

    /// <summary>Whether it is of this document.</summary>
    public bool Is(Segment segment, int docId) => ReferenceEquals(segment, _segment) && docId == _docId;

    /// <summary>Adds a write of the document with other stored bytes and fields.</summary>
    public void AddTo(ShardBatch batch, Guid operationId, string documentKey, ReadOnlySpan<byte> stored, ReadOnlySpan<byte> fields) => batch.Upsert(
        operationId, documentKey, stored, _terms.Count == 0 ? [] : TermVector.Pack(_terms), _termIds, _impacts, _vector, _segment.Vectors?.Layout.Precision ?? VectorPrecision.Float32, fields);

    private bool Advance()
    {
        long left = PostingsOfOneHold;
        if (_segment is not SealedSegment file)
        {
            ReadMemory((MemorySegment)_segment);
            return true;
        }

        while (_lexicalOrdinal < file.LexicalTermCount && left > 0)
        {
            Postings postings = file.LexicalPostings(_lexicalOrdinal);
            AddTerm(file.LexicalTerm(_lexicalOrdinal++).ToArray(), postings.ValueOf(_docId));
            left -= postings.Documents;
        }

        _chunk ??= new VectorChunk(file, [_docId]);
        if (left > 0)
        {
            _chunk.Advance(left);
        }

        if (!_chunk.IsWhole)
        {
            return false;
        }

        (_termIds, _impacts) = _chunk.VectorOf(_docId);
        ReadVector();
        return true;
    }

    private void ReadMemory(MemorySegment memory)
    {
        _terms.Clear();
        foreach ((string term, PostingsBuffer postings) in memory.LexicalTerms)
        {
            AddTerm(Encoding.UTF8.GetBytes(term), postings.Postings.ValueOf(_docId));
        }

        (_termIds, _impacts) = ShardScroll.VectorsInMemory(memory, [_docId])[0];
        ReadVector();
    }

    private void AddTerm(byte[] term, int count)
    {
        if (count > 0)
        {
            _terms.Add(term, count);
        }
    }

    private void ReadVector()
    {
        if (_segment.Vectors is { } vectors && vectors.RowOf(_docId) >= 0)
        {
            _vector = new float[vectors.Layout.Dimensions];
            _ = vectors.TryRead(_docId, _vector);
            if (vectors.Layout.Precision == VectorPrecision.Int8)
            {
                Int8Quantiser.Restore(_vector, vectors.ScaleOf(vectors.RowOf(_docId)));       // else it would be rounded a second time
            }
        }
    }
}
