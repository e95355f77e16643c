using Platform.Indexing.Lexical;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Tests.Sparse;

namespace Platform.Indexing.Tests.Ranking;

/// <summary>How much a search still does after nobody waits for it, counted in postings.</summary>
public sealed class CancelledSearches
{
    [Fact]
    public async Task A_search_for_words_ends_within_two_steps_of_one_list()
    {
        var segment = new MemorySegment("memory");
        var batch = new ShardBatch();
        byte[] vector = TermVector.Pack(["word"]);
        for (int i = 0; i < 4 * SearchWork.PostingsPerStep; i++)
        {
            batch.Upsert(Guid.NewGuid(), $"{i}", [], vector, [], []);
        }

        byte[] bytes = batch.ToArray();
        var reader = new ShardBatchReader(bytes);
        while (reader.Next(out ShardOperation operation))
        {
            segment.Add(Segment.HashOf(operation.Key), operation);
        }

        var query = new LexicalQuery([.. Enumerable.Repeat("word", 50)], [.. Enumerable.Repeat(1.0, 50)], 1, 0.9, 0.4);
        long late = await PostingsAfterCancellingAsync(work => LexicalSearch.Search(segment, query, new TopK(10), work));
        Assert.InRange(late, 0, 2 * SearchWork.PostingsPerStep);
    }

    [Theory]
    [InlineData(nameof(SparseAlgorithm.Exhaustive))]
    [InlineData(nameof(SparseAlgorithm.BlockMaxPruning))]
    [InlineData(nameof(SparseAlgorithm.Signed))]
    public async Task A_search_of_a_sparse_segment_ends_within_two_windows(string algorithm)
    {
        var corpus = new Corpus { Documents = [.. Enumerable.Range(0, 20 * BlockLayout.WindowSize).Select(i => ((int[])[0, 1 + (i % 7)], (byte[])[(byte)(1 + (i % 200)), 9]))] };
        using var segment = SparseSegment.Open(corpus.Seal(), "segment");
        var searcher = new SparseSearcher();
        long late = await PostingsAfterCancellingAsync(work =>
            searcher.Search(segment, [0, 1, 2, 3, 4, 5, 6, 7], [3, 1, 1, 1, 1, 1, 1, 1], new SparseSearchOptions(10, Enum.Parse<SparseAlgorithm>(algorithm), Work: work)));
        Assert.InRange(late, 0, 2 * 2 * BlockLayout.WindowSize);
    }

    [Fact]
    public async Task A_search_of_a_sparse_memory_segment_ends_within_two_windows()
    {
        var memory = new SparseMemorySegment(new SparseBuildOptions());
        for (int i = 0; i < 20 * BlockLayout.WindowSize; i++)
        {
            memory.Add([0, 1], [0.7f, 0.9f]);
        }

        var searcher = new MemorySearcher();
        long late = await PostingsAfterCancellingAsync(work => searcher.Search(memory, [0, 1], [1, 1], 10, work: work));
        Assert.InRange(late, 0, 2 * 2 * BlockLayout.WindowSize);
    }

    /// <summary>Searches over and over on a thread, cancels once it has begun, and returns what was read after the cancellation.</summary>
    private static async Task<long> PostingsAfterCancellingAsync(Action<SearchWork> search)
    {
        using var cancellation = new CancellationTokenSource();
        var work = new SearchWork(cancellation.Token);
        Task searching = Task.Run(() =>
        {
            while (true)
            {
                search(work);
            }
        }, CancellationToken.None);
        SpinWait.SpinUntil(() => work.Postings > 0 || searching.IsCompleted);
        await cancellation.CancelAsync();
        long atCancellation = work.Postings;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => searching.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        return work.Postings - atCancellation;
    }
}
