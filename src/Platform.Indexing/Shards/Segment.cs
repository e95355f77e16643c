using System.IO.Hashing;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>Some documents of a shard with their postings: growing in memory, or sealed in a file.</summary>
/// <remarks>
/// Documents are numbered from 0: in the order they came while in memory, similar ones beside each other in a file. A document replaced or deleted keeps its number and its postings, and is
/// in <see cref="Deleted"/>; at most one document of a key is not. The shard's lock keeps readers and writers apart.
/// </remarks>
internal abstract class Segment
{
    /// <summary>What one impact weighs inside a shard: documents come with impacts, and the index's scale comes with the query.</summary>
    public const float SparseScale = 1f;

    private readonly Dictionary<string, int> _liveFrequencies = [];
    private int _liveFrequenciesDeletions = -1;
    private int _liveFrequenciesDocuments = -1;

    /// <summary>Makes a segment.</summary>
    protected Segment() => ByKey = Comparer<int>.Create((a, b) => KeyOf(a).SequenceCompareTo(KeyOf(b)));

    /// <summary>The file's name, or a name for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Documents, deleted ones included.</summary>
    public abstract int DocumentCount { get; }

    /// <summary>Lexical and sparse postings, deleted documents' included.</summary>
    public abstract long PostingCount { get; }

    /// <summary>The deleted documents.</summary>
    public DeletedDocuments Deleted { get; init; } = new();

    /// <summary>
    /// The deletions by operations that lie before the manifest's first log. Only these may be saved or merged away: a later one is
    /// replayed from the log after a crash, and must find its document again to come to the same outcome.
    /// </summary>
    public DeletedDocuments Settled { get; protected set; } = new();

    /// <summary>Each document's length in terms; 0 without text.</summary>
    public abstract ReadOnlySpan<int> Lengths { get; }

    /// <summary>Live documents that have text.</summary>
    public long TextDocuments { get; protected set; }

    /// <summary>Sum of the lengths of live documents.</summary>
    public long TotalLength { get; protected set; }

    /// <summary>The live document of a key, or -1.</summary>
    /// <param name="key">UTF-8.</param>
    /// <param name="hash">See <see cref="HashOf"/>.</param>
    public abstract int Find(ReadOnlySpan<byte> key, ulong hash);

    /// <summary>A document's key, UTF-8.</summary>
    public abstract ReadOnlySpan<byte> KeyOf(int docId);

    /// <summary>A document's stored bytes.</summary>
    public abstract byte[] StoredOf(int docId);

    /// <summary>The postings of an analysed term; empty if there are none.</summary>
    public abstract Postings LexicalPostings(string term);

    /// <summary>Sparse postings, deleted documents' included.</summary>
    public abstract long SparsePostingCount { get; }

    /// <summary>The best live documents by sparse inner product: score descending, then key ascending by UTF-8 bytes.</summary>
    /// <param name="searchers">This thread's.</param>
    /// <param name="termIds">The query's terms.</param>
    /// <param name="impacts">Their weights.</param>
    /// <param name="options">How many, and how.</param>
    /// <param name="matches">The only documents that may be found; null for all.</param>
    public abstract SparseTopK Search(
        SparseSearchers searchers, ReadOnlySpan<int> termIds, ReadOnlySpan<int> impacts, in SparseSearchOptions options, FilterMatches? matches);

    /// <summary>The dense vectors by document; null if no document has one.</summary>
    public abstract VectorRows? Vectors { get; }

    /// <summary>The columns of its fields.</summary>
    public abstract FieldColumns Fields { get; }

    /// <summary>The documents that match a filter.</summary>
    public abstract FilterMatches Match(FieldFilter filter);

    /// <summary>Orders documents by key, as UTF-8 bytes.</summary>
    public IComparer<int> ByKey { get; }

    /// <summary>The impact of a sparse term in a document; 0 if it lacks the term. Walks the list: for explanations, not for search.</summary>
    public abstract int ImpactOf(int termId, int docId);

    /// <summary>Sets the bit of every document that has a sparse term, deleted ones included.</summary>
    public abstract void MarkSparse(int termId, Span<ulong> documents);

    /// <summary>The hash that places a key in a bucket and in a segment's key table: XXH3, 64 bits.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    /// <summary>Settles the present deletions: the log before this moment is about to be replaced by files.</summary>
    public void Settle()
    {
        if (Settled.Count != Deleted.Count)
        {
            Settled = Deleted.Copy();
        }
    }

    /// <summary>Deletes the live document of a key; false if there is none.</summary>
    public bool Delete(ReadOnlySpan<byte> key, ulong hash)
    {
        int docId = Find(key, hash);
        if (docId < 0)
        {
            return false;
        }

        Delete(docId);
        return true;
    }

    /// <summary>Deletes a document by its number, if it is not deleted yet.</summary>
    public void Delete(int docId)
    {
        if (Deleted.Add(docId) && Lengths[docId] > 0)
        {
            TextDocuments--;
            TotalLength -= Lengths[docId];
        }
    }

    /// <summary>The documents that must not be found: one bit each, and beyond the last any.</summary>
    protected ReadOnlySpan<ulong> ExcludedBy(FilterMatches? matches) => matches is null ? Deleted.Words : matches.ExcludedWith(Deleted.Words, Deleted.Count);

    /// <summary>Live documents that hold a term. Counts along the list only where the segment has deletions, and remembers the count.</summary>
    public int LiveFrequency(string term)
    {
        Postings postings = LexicalPostings(term);
        if (Deleted.Count == 0 || postings.Documents == 0)
        {
            return postings.Documents;
        }

        lock (_liveFrequencies)                              // readers share the shard's lock among themselves
        {
            if (_liveFrequenciesDeletions != Deleted.Count || _liveFrequenciesDocuments != DocumentCount)
            {
                _liveFrequencies.Clear();
                (_liveFrequenciesDeletions, _liveFrequenciesDocuments) = (Deleted.Count, DocumentCount);
            }

            if (_liveFrequencies.TryGetValue(term, out int known))
            {
                return known;
            }
        }

        int live = 0;
        foreach ((int docId, _) in postings)
        {
            live += Deleted.Contains(docId) ? 0 : 1;
        }

        lock (_liveFrequencies)
        {
            _liveFrequencies[term] = live;
        }

        return live;
    }
}
