using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>Builds graphs, on several threads, with one and the same result on any number of them.</summary>
/// <remarks>
/// Rows go in by batches: each row of a batch chooses its links in the graph as it was before the batch, then each list that got
/// new links is brought in order by one thread. Nothing is locked and no choice depends on timing. A batch is a 64th of what is in
/// already, so that rows that do not see each other are few. After Manohar et al. 2024, arXiv:2305.04359, whose batches double.
/// </remarks>
internal sealed class HnswBuilder
{
    private const int BatchShare = 64;
    private const int MaxBatch = 2048;
    private const int Grain = 8;

    private readonly VectorRows _rows;
    private readonly HnswMemoryGraph _graph;
    private readonly int _threads;
    private readonly List<ulong>[] _backLinks = [.. Enumerable.Range(0, HnswGraph.HighestLevel + 1).Select(_ => new List<ulong>())];
    private readonly List<(int Level, int First, int Count)> _lists = [];
    private float[] _penalties = [];
    private ConcurrentBag<BuildScratch> _idle = [];

    /// <summary>Goes on with a graph over the first rows of some vectors.</summary>
    /// <param name="rows">The vectors; may have more rows than the graph.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    public HnswBuilder(VectorRows rows, HnswMemoryGraph graph, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(graph.Count, rows.Count, nameof(graph));
        _rows = rows;
        _graph = graph;
        _threads = threads;
    }

    /// <summary>Builds a graph over all rows.</summary>
    /// <param name="rows">The vectors; they stay as they are until this returns.</param>
    /// <param name="options">Size, width and seed.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellationToken">Ends the build with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="DenseFormatException">A row is damaged.</exception>
    public static HnswMemoryGraph Build(VectorRows rows, HnswOptions options, int threads, CancellationToken cancellationToken)
    {
        var graph = new HnswMemoryGraph(options);
        for (int row = 0; row < rows.Count; row++)
        {
            graph.AddRow(graph.DrawLevel(row));
        }

        // rows that follow each other are often alike, and rows of one batch do not see each other
        new HnswBuilder(rows, graph, threads).Insert(SplitMix.Order(options.Seed, rows.Count), 0, cancellationToken);
        return graph;
    }

    /// <summary>Inserts the rows that the vectors have gained since the graph was built: for vectors in memory that still grow.</summary>
    /// <remarks>After a cancellation or a fault the graph is unfit: build anew.</remarks>
    /// <exception cref="DenseFormatException">A row is damaged.</exception>
    public void Extend(CancellationToken cancellationToken)
    {
        int present = _graph.Count;
        int[] order = [.. Enumerable.Range(present, _rows.Count - present)];
        foreach (int row in order)
        {
            _graph.AddRow(_graph.DrawLevel(row));
        }

        Insert(order, present, cancellationToken);
    }

    /// <summary>Inserts rows that the graph has places for and nothing leads to.</summary>
    /// <param name="order">The rows, in the order of insertion.</param>
    /// <param name="present">How many rows are linked already.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    internal void Insert(ReadOnlyMemory<int> order, int present, CancellationToken cancellationToken)
    {
        PreparePenalties(cancellationToken);
        for (int done = 0; done < order.Length;)
        {
            ReadOnlyMemory<int> left = order[done..];
            if (_graph.Entry < 0)
            {
                _graph.OfferEntry(left.Span[0]);
                done++;
                continue;
            }

            ReadOnlyMemory<int> batch = left[..NextBatch(left.Span, present + done)];
            Run(batch.Length, (scratch, i) => scratch.Link(_graph, batch.Span[i], cancellationToken), cancellationToken);
            CollectBackLinks(batch.Span);
            Run(_lists.Count, LinkBack, cancellationToken);
            foreach (int row in batch.Span)
            {
                _graph.OfferEntry(row);
            }

            done += batch.Length;
        }
    }

    /// <summary>Does something for 0 to count - 1, each once, by any thread, and ends with the first fault as it was thrown.</summary>
    internal void Run(int count, Action<BuildScratch, int> action, CancellationToken cancellationToken)
    {
        if (_threads == 1 || count <= Grain)
        {
            RunPart(0, count, action, cancellationToken);
            return;
        }

        int parts = (count + Grain - 1) / Grain;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, parts, options, part => RunPart(part * Grain, Math.Min(count, (part + 1) * Grain), action, cancellationToken));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    /// <summary>Makes what the measure needs for all rows there are.</summary>
    internal void PreparePenalties(CancellationToken cancellationToken)
    {
        if (_penalties.Length == _rows.Count)
        {
            return;
        }

        _penalties = new float[_rows.Count];
        _idle = [];
        sbyte[] code = GC.AllocateArray<sbyte>(2 * _rows.Layout.CodeBytes, pinned: true);
        for (int row = 0; row < _penalties.Length; row++)
        {
            if (row % VectorLayout.BlockSize == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            _penalties[row] = NearnessScorer.Penalty(_rows, row, code);
        }
    }

    private void RunPart(int from, int to, Action<BuildScratch, int> action, CancellationToken cancellationToken)
    {
        BuildScratch scratch = _idle.TryTake(out BuildScratch? idle) ? idle : new BuildScratch(_rows, _penalties);
        for (int i = from; i < to; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            action(scratch, i);
        }

        _idle.Add(scratch);
    }

    // A row higher than all others becomes the entry and goes alone: another one of its height in the batch could not link to it.
    private int NextBatch(ReadOnlySpan<int> left, int present)
    {
        int most = Math.Min(left.Length, Math.Clamp(present / BatchShare, 1, MaxBatch));
        int top = _graph.LevelOf(_graph.Entry);
        for (int i = 0; i < most; i++)
        {
            if (_graph.LevelOf(left[i]) > top)
            {
                return Math.Max(1, i);
            }
        }

        return most;
    }

    private void CollectBackLinks(ReadOnlySpan<int> batch)
    {
        _lists.Clear();
        int top = _graph.LevelOf(_graph.Entry);
        for (int level = 0; level <= top; level++)
        {
            List<ulong> links = _backLinks[level];
            links.Clear();
            foreach (int row in batch)
            {
                if (_graph.LevelOf(row) >= level)
                {
                    foreach (int neighbour in _graph.Neighbours(row, level))
                    {
                        links.Add(((ulong)(uint)neighbour << 32) | (uint)row);
                    }
                }
            }

            links.Sort();
            for (int first = 0; first < links.Count;)
            {
                int end = first + 1;
                while (end < links.Count && links[end] >> 32 == links[first] >> 32)
                {
                    end++;
                }

                _lists.Add((level, first, end - first));
                first = end;
            }
        }
    }

    private void LinkBack(BuildScratch scratch, int list)
    {
        (int level, int first, int count) = _lists[list];
        ReadOnlySpan<ulong> links = CollectionsMarshal.AsSpan(_backLinks[level]).Slice(first, count);
        scratch.LinkBack(_graph, (int)(links[0] >> 32), level, links);
    }
}
