using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Finds term ids in an ascending array: a table over their high bits, then a binary search in one bucket.</summary>
/// <remarks>Vocabularies are dense, so a bucket has about one term; an outlier such as 2^31 - 1 only makes buckets larger.</remarks>
internal sealed unsafe class TermLookup
{
    private readonly int* _terms;
    private readonly int _shift;
    private readonly int[] _bucketStarts;

    /// <summary>Prepares the search; <paramref name="terms"/> must stay where it is.</summary>
    public TermLookup(int* terms, int count)
    {
        _terms = terms;
        uint largest = count == 0 ? 0 : (uint)terms[count - 1];
        int wanted = BitOperations.Log2((uint)Math.Max(1, count)) + 1;
        _shift = Math.Max(0, BitOperations.Log2(largest | 1) + 1 - wanted);
        _bucketStarts = new int[(largest >> _shift) + 2];
        int position = 0;
        for (int bucket = 0; bucket < _bucketStarts.Length; bucket++)
        {
            while (position < count && (uint)terms[position] >> _shift < bucket)
            {
                position++;
            }

            _bucketStarts[bucket] = position;
        }
    }

    /// <summary>The term id at a position.</summary>
    public int TermId(int ordinal) => _terms[ordinal];

    /// <summary>The position of a term id, or -1.</summary>
    public int Find(int termId)
    {
        uint bucket = (uint)termId >> _shift;
        if (termId < 0 || bucket >= _bucketStarts.Length - 1)
        {
            return -1;
        }

        int start = _bucketStarts[bucket];
        int index = new ReadOnlySpan<int>(_terms + start, _bucketStarts[bucket + 1] - start).BinarySearch(termId);
        return index < 0 ? -1 : start + index;
    }
}
