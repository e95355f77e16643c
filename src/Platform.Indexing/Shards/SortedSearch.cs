using System.Numerics;
using System.Text;
using Platform.Indexing.Fields;

namespace Platform.Indexing.Shards;

/// <summary>Keeps the first k documents in the order of a field, over several segments.</summary>
internal sealed class SortedSearch
{
    private readonly FieldSort _sort;
    private readonly int _top;
    private readonly PriorityQueue<Candidate, Candidate> _worstFirst;

    /// <summary>Begins.</summary>
    public SortedSearch(FieldSort sort, int top)
    {
        _sort = sort;
        _top = top;
        _worstFirst = new PriorityQueue<Candidate, Candidate>(Comparer<Candidate>.Create((a, b) => Compare(b, a)));
    }

    /// <summary>Offers documents of a segment.</summary>
    /// <param name="segment">Where they lie.</param>
    /// <param name="documents">One bit a document.</param>
    public void Add(Segment segment, ReadOnlySpan<ulong> documents)
    {
        KeywordColumn? words = _sort.Kind == FieldKind.Keywords ? segment.Fields.Keywords.GetValueOrDefault(_sort.Field) : null;
        ScalarColumn? scalars = _sort.Kind == FieldKind.Scalar ? segment.Fields.Scalars.GetValueOrDefault(_sort.Field) : null;
        for (int word = 0; word < documents.Length; word++)
        {
            for (ulong left = documents[word]; left != 0; left &= left - 1)
            {
                int docId = (word << 6) + BitOperations.TrailingZeroCount(left);
                ReadOnlySpan<int> ordinals = words is null ? [] : words.OrdinalsOf(docId);
                bool has = ordinals.Length > 0 || scalars?.Has(docId) == true;
                Offer(new Candidate(segment, docId, has, words, has && words is not null ? ordinals[0] : -1, has && scalars is not null ? scalars.At(docId) : 0));
            }
        }
    }

    /// <summary>One document with its value.</summary>
    public static SortedHit ValueOf(Segment segment, int docId, FieldSort sort, string documentKey)
    {
        if (sort.Kind == FieldKind.Keywords)
        {
            KeywordColumn? words = segment.Fields.Keywords.GetValueOrDefault(sort.Field);
            ReadOnlySpan<int> ordinals = words is null ? [] : words.OrdinalsOf(docId);
            return new SortedHit(documentKey, ordinals.Length > 0 ? Encoding.UTF8.GetString(words!.Term(ordinals[0])) : null, null);
        }

        ScalarColumn? scalars = segment.Fields.Scalars.GetValueOrDefault(sort.Field);
        return new SortedHit(documentKey, null, scalars?.Has(docId) == true ? scalars.At(docId) : null);
    }

    /// <summary>The documents, first to last.</summary>
    public SortedHit[] Drain()
    {
        var hits = new SortedHit[_worstFirst.Count];
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            Candidate candidate = _worstFirst.Dequeue();
            hits[i] = new SortedHit(
                Encoding.UTF8.GetString(candidate.Segment.KeyOf(candidate.DocId)),
                candidate.Ordinal >= 0 ? Encoding.UTF8.GetString(candidate.Words!.Term(candidate.Ordinal)) : null,
                candidate.HasValue && candidate.Words is null ? candidate.Scalar : null);
        }

        return hits;
    }

    private void Offer(Candidate candidate)
    {
        if (_worstFirst.Count < _top)
        {
            _worstFirst.Enqueue(candidate, candidate);
        }
        else if (_top > 0 && Compare(candidate, _worstFirst.Peek()) < 0)
        {
            _worstFirst.DequeueEnqueue(candidate, candidate);
        }
    }

    private int Compare(Candidate a, Candidate b)
    {
        if (a.HasValue != b.HasValue)
        {
            return a.HasValue ? -1 : 1;
        }

        int byValue = !a.HasValue ? 0
            : a.Words is not null ? a.Words.Term(a.Ordinal).SequenceCompareTo(b.Words!.Term(b.Ordinal))
            : a.Scalar.CompareTo(b.Scalar);
        return byValue != 0
            ? (_sort.Descending ? -Math.Sign(byValue) : byValue)
            : a.Segment.KeyOf(a.DocId).SequenceCompareTo(b.Segment.KeyOf(b.DocId));
    }

    private readonly record struct Candidate(Segment Segment, int DocId, bool HasValue, KeywordColumn? Words, int Ordinal, long Scalar);
}
