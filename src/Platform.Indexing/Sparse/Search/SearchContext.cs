using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>What the algorithms share while one query runs: its terms, the collector, the counters of the answer.</summary>
internal unsafe ref struct SearchContext
{
    /// <summary>The query's terms that the segment has. [TermCount]</summary>
    public QueryTerm* Terms;

    /// <summary>How many terms.</summary>
    public int TermCount;

    /// <summary>Documents of the segment.</summary>
    public int DocumentCount;

    /// <summary>Windows of the segment.</summary>
    public int WindowCount;

    /// <summary>The query's options.</summary>
    public SparseSearchOptions Options;

    /// <summary>One bit a document, set where it must not be found, because it is deleted or does not match a filter; may be shorter than the segment.</summary>
    public ReadOnlySpan<ulong> Deleted;

    /// <summary>Blocks with a document that may be found; all of them where nothing is known.</summary>
    public int OpenBlocks;

    /// <summary>Documents that may be found.</summary>
    public int OpenDocuments;

    /// <summary>Ranks of keys by docId; empty where they agree.</summary>
    public ReadOnlySpan<int> KeyRanks;

    /// <summary>The best documents so far.</summary>
    public TopKCollector Collector;

    /// <summary>No score is above this.</summary>
    public long LargestScore;

    /// <summary>Windows visited.</summary>
    public int Windows;

    /// <summary>Blocks with a document scored in full.</summary>
    public int Blocks;

    /// <summary>Documents scored in full.</summary>
    public int Documents;

    /// <summary>Postings added to a sum.</summary>
    public long Postings;

    private long _reported;

    /// <summary>Ends a step of the search, between two windows.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public void EndStep()
    {
        if (Options.Work is { } work)
        {
            work.Add(Postings - _reported);
            _reported = Postings;
        }
    }

    /// <summary>Blocks of a window: 256 but in the last.</summary>
    public readonly int BlocksIn(int window) => Math.Min(
        BlockLayout.BlocksPerWindow,
        BlockLayout.BlocksOf(DocumentCount) - (window * BlockLayout.BlocksPerWindow));

    /// <summary>Counts the blocks and documents that may be found.</summary>
    public void CountOpen()
    {
        OpenBlocks = BlockLayout.BlocksOf(DocumentCount);
        OpenDocuments = DocumentCount;
        for (int block = 0; block < Math.Min(BlockLayout.BlocksOf(DocumentCount), Deleted.Length); block++)
        {
            ulong closed = Deleted[block] | Beyond(block);
            OpenBlocks -= closed == ulong.MaxValue ? 1 : 0;
            OpenDocuments -= BitOperations.PopCount(closed & ~Beyond(block));
        }
    }

    /// <summary>Whether no document of a block may be found.</summary>
    public readonly bool IsBlockClosed(int block) => block < Deleted.Length && (Deleted[block] | Beyond(block)) == ulong.MaxValue;

    /// <summary>Whether no document of a window may be found.</summary>
    public readonly bool IsWindowClosed(int window)
    {
        if (OpenDocuments == DocumentCount)
        {
            return false;
        }

        int first = window * BlockLayout.BlocksPerWindow;
        for (int block = first; block < first + BlocksIn(window); block++)
        {
            if (!IsBlockClosed(block))
            {
                return false;
            }
        }

        return true;
    }

    // The bits of the last block that stand for no document.
    private readonly ulong Beyond(int block) =>
        block == DocumentCount / BlockLayout.BlockSize ? ulong.MaxValue << (DocumentCount % BlockLayout.BlockSize) : 0;

    /// <summary>Offers a document with its full score to the collector, unless it is deleted or does not exist.</summary>
    public readonly void Offer(int docId, long score)
    {
        if ((uint)docId >= (uint)DocumentCount || IsDeleted(docId))
        {
            return;
        }

        Collector.Offer(docId, score, KeyRanks.IsEmpty ? docId : KeyRanks[docId]);
    }

    private readonly bool IsDeleted(int docId)
    {
        int word = docId >> 6;
        return word < Deleted.Length && ((Deleted[word] >> docId) & 1) != 0;
    }
}
