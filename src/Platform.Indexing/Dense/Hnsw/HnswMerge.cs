namespace Platform.Indexing.Dense;

/// <summary>Makes the graph of merged vectors out of the largest graph merged: its rows keep their links, the others are inserted.</summary>
/// <remarks>
/// Where a neighbour is gone, a row chooses anew among what is left and the lost neighbours' neighbours (Singh et al. 2021,
/// arXiv:2105.09613, section 5), so that no path is lost with the rows that were deleted. Such repairs add up, so a graph of which
/// much is gone, or that would be the lesser part of the new one, is built anew.
/// </remarks>
internal static class HnswMerge
{
    /// <summary>From this share of dropped rows on a graph is not repaired but built anew.</summary>
    public const double RebuildFromDropped = 0.4;

    /// <summary>Below this share of the merged rows a graph is not worth keeping: copied lists save less than their repair costs.</summary>
    public const double KeepFrom = 0.25;

    /// <summary>Whether a graph would be kept, or the merged one built anew.</summary>
    /// <param name="graphRows">Rows of the graph.</param>
    /// <param name="kept">Those of them that are still there after the merge.</param>
    /// <param name="merged">Rows after the merge.</param>
    public static bool IsKept(int graphRows, int kept, int merged) =>
        kept > 0 && graphRows - kept < RebuildFromDropped * graphRows && kept >= KeepFrom * merged;

    /// <summary>Makes the graph over merged vectors.</summary>
    /// <param name="rows">The merged vectors.</param>
    /// <param name="graph">The graph of one of the parts, best that with the most rows that are still there.</param>
    /// <param name="newRows">For each row of that graph its row in the merged vectors, or -1 where it was dropped.</param>
    /// <param name="options">For the new graph; a part with other options is not kept.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellationToken">Ends the merge with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The rows do not exist or come twice, or an option is out of range.</exception>
    /// <exception cref="DenseFormatException">The graph or a row is damaged.</exception>
    public static HnswMemoryGraph Run(
        VectorRows rows, HnswGraph graph, ReadOnlyMemory<int> newRows, HnswOptions options, int threads, CancellationToken cancellationToken)
    {
        int[] oldRows = Inverse(rows, graph, newRows.Span);
        int kept = oldRows.Count(row => row >= 0);
        if (graph.Options != options || !IsKept(graph.Count, kept, rows.Count))
        {
            return HnswBuilder.Build(rows, options, threads, cancellationToken);
        }

        var merged = new HnswMemoryGraph(options);
        for (int row = 0; row < rows.Count; row++)
        {
            merged.AddRow(oldRows[row] < 0 ? merged.DrawLevel(row) : graph.LevelOf(oldRows[row]));
        }

        var builder = new HnswBuilder(rows, merged, threads);
        builder.PreparePenalties(cancellationToken);
        builder.Run(
            rows.Count,
            (scratch, row) =>
            {
                for (int level = oldRows[row] < 0 ? -1 : graph.LevelOf(oldRows[row]); level >= 0; level--)
                {
                    Copy(graph, oldRows[row], newRows.Span, merged, row, level, scratch);
                }
            },
            cancellationToken);
        if (newRows.Span[graph.Entry] >= 0)
        {
            merged.OfferEntry(newRows.Span[graph.Entry]);
        }

        for (int row = 0; row < rows.Count; row++)
        {
            if (oldRows[row] >= 0)
            {
                merged.OfferEntry(row);
            }
        }

        int[] order = [.. SplitMix.Order(options.Seed, rows.Count).Where(row => oldRows[row] < 0)];
        builder.Insert(order, kept, cancellationToken);
        return merged;
    }

    private static void Copy(
        HnswGraph graph, int oldRow, ReadOnlySpan<int> newRows, HnswMemoryGraph merged, int row, int level, BuildScratch scratch)
    {
        ReadOnlySpan<int> before = graph.Neighbours(oldRow, level);
        Span<int> after = stackalloc int[RowBatch.Capacity];
        int count = 0;
        foreach (int neighbour in before)
        {
            if (newRows[neighbour] >= 0)
            {
                after[count++] = newRows[neighbour];
            }
        }

        if (count == before.Length)
        {
            merged.SetLinks(row, level, after[..count]);
            return;
        }

        scratch.StartCandidates(row);
        foreach (int neighbour in before)
        {
            if (newRows[neighbour] >= 0)
            {
                scratch.AddCandidate(newRows[neighbour]);
                continue;
            }

            foreach (int beyond in graph.Neighbours(neighbour, level))
            {
                if (newRows[beyond] >= 0)
                {
                    scratch.AddCandidate(newRows[beyond]);
                }
            }
        }

        scratch.SelectInto(merged, row, level);
    }

    private static int[] Inverse(VectorRows rows, HnswGraph graph, ReadOnlySpan<int> newRows)
    {
        if (newRows.Length != graph.Count)
        {
            throw new ArgumentException($"There are {newRows.Length} new rows for a graph of {graph.Count}; there must be one each.", nameof(newRows));
        }

        int[] oldRows = new int[rows.Count];
        Array.Fill(oldRows, -1);
        for (int row = 0; row < newRows.Length; row++)
        {
            int to = newRows[row];
            if (to < -1 || to >= rows.Count || (to >= 0 && oldRows[to] >= 0))
            {
                throw new ArgumentException($"Row {row} becomes {to}; it must become -1 or a row below {rows.Count} that no other becomes.", nameof(newRows));
            }

            if (to >= 0)
            {
                oldRows[to] = row;
            }
        }

        return oldRows;
    }
}
