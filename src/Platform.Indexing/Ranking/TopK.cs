using System.Numerics;
using Platform.Indexing.Fields;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Ranking;

/// <summary>The k best documents so far, over several segments: score descending, equal scores by document key ascending.</summary>
/// <remarks>A binary heap with the worst at its root. Keys are looked at only where scores are equal.</remarks>
internal sealed class TopK(int k)
{
    private readonly List<Candidate> _heap = new(Math.Min(k, 1024));

    /// <summary>Offers every live document of a segment that scored above 0.</summary>
    /// <param name="segment">Tells keys and deletions.</param>
    /// <param name="scores">One score a document.</param>
    /// <param name="matches">The only documents that may be found; null for all.</param>
    public void Collect(Segment segment, ReadOnlySpan<double> scores, FilterMatches? matches = null)
    {
        if (k == 0)
        {
            return;
        }

        if (matches is not null)
        {
            CollectMatches(segment, scores, matches);
            return;
        }

        double threshold = 0;                                 // a document must reach it to enter
        bool full = _heap.Count == k;
        if (full)
        {
            threshold = _heap[0].Score;
        }

        for (int docId = 0; docId < scores.Length; docId++)
        {
            double score = scores[docId];
            if (score < threshold || (score == threshold && !full) || segment.Deleted.Contains(docId))
            {
                continue;
            }

            var candidate = new Candidate(score, segment, docId);
            if (!full)
            {
                _heap.Add(candidate);
                Rise(_heap.Count - 1);
                full = _heap.Count == k;
            }
            else if (Better(candidate, _heap[0]))
            {
                _heap[0] = candidate;
                Sink();
            }

            if (full)
            {
                threshold = _heap[0].Score;
            }
        }
    }

    private void CollectMatches(Segment segment, ReadOnlySpan<double> scores, FilterMatches matches)
    {
        ReadOnlySpan<ulong> allowed = matches.Allowed;
        for (int word = 0; word < allowed.Length; word++)
        {
            for (ulong left = allowed[word]; left != 0; left &= left - 1)
            {
                int docId = (word << 6) + BitOperations.TrailingZeroCount(left);
                if (scores[docId] > 0 && !segment.Deleted.Contains(docId))
                {
                    Offer(segment, docId, scores[docId]);
                }
            }
        }
    }

    /// <summary>Offers one live document.</summary>
    public void Offer(Segment segment, int docId, double score)
    {
        var candidate = new Candidate(score, segment, docId);
        if (_heap.Count < k)
        {
            _heap.Add(candidate);
            Rise(_heap.Count - 1);
        }
        else if (k > 0 && Better(candidate, _heap[0]))
        {
            _heap[0] = candidate;
            Sink();
        }
    }

    /// <summary>The documents, best first. The collector is empty afterwards.</summary>
    public Candidate[] Drain()
    {
        Candidate[] best = [.. _heap];
        Array.Sort(best, (a, b) => a.Equals(b) ? 0 : Better(a, b) ? -1 : 1);
        _heap.Clear();
        return best;
    }

    private static bool Better(in Candidate a, in Candidate b) =>
        a.Score != b.Score ? a.Score > b.Score : a.Key.SequenceCompareTo(b.Key) < 0;

    private void Rise(int child)
    {
        while (child > 0)
        {
            int parent = (child - 1) / 2;
            if (!Better(_heap[parent], _heap[child]))
            {
                return;
            }

            (_heap[parent], _heap[child]) = (_heap[child], _heap[parent]);
            child = parent;
        }
    }

    private void Sink()
    {
        int parent = 0;
        while (true)
        {
            int worst = parent;
            for (int child = (2 * parent) + 1; child <= (2 * parent) + 2 && child < _heap.Count; child++)
            {
                if (Better(_heap[worst], _heap[child]))
                {
                    worst = child;
                }
            }

            if (worst == parent)
            {
                return;
            }

            (_heap[parent], _heap[worst]) = (_heap[worst], _heap[parent]);
            parent = worst;
        }
    }

    /// <summary>A document with its score.</summary>
    /// <param name="Score">Inner product of query and document.</param>
    /// <param name="Segment">Where it lies.</param>
    /// <param name="DocId">Its id there.</param>
    internal readonly record struct Candidate(double Score, Segment Segment, int DocId)
    {
        /// <summary>The document key, UTF-8.</summary>
        public ReadOnlySpan<byte> Key => Segment.KeyOf(DocId);
    }
}
