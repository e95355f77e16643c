using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Indexing.Sparse;

/// <summary>Sums the largest contribution of every query term over each block of a segment.</summary>
/// <remarks>Maxima of common terms are stored; those of the others are found in their few postings. Both are exact.</remarks>
internal static unsafe class BlockBounds
{
    /// <summary>Fills <c>state.BlockBounds</c> with the bounds of all blocks.</summary>
    public static void Fill<TSum>(SparseQueryState<TSum> state, in SearchContext context)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int blocks = BlockLayout.BlocksOf(context.DocumentCount);
        TSum* bounds = state.BoundsFor(context.WindowCount * BlockLayout.BlocksPerWindow);
        for (int i = 0; i < context.TermCount; i++)
        {
            ref QueryTerm term = ref context.Terms[i];
            if (term.Postings.BlockMaxima != null)
            {
                // SAFETY: maxima are followed by at least 64 readable bytes, as bounds are.
                BlockVectors.AddMaxima(bounds, term.Postings.BlockMaxima, blocks, term.Weight);
                continue;
            }

            for (int window = 0; window < context.WindowCount; window++)
            {
                WindowPostings postings = term.In(window);
                TSum* into = bounds + (window * BlockLayout.BlocksPerWindow);
                AddDense(into, in postings, term.Weight);
                AddScattered(into, in postings, term.Weight);
            }
        }

        // Vectors wrote past the last block what follows the maxima.
        new Span<TSum>(bounds + blocks, (context.WindowCount * BlockLayout.BlocksPerWindow) - blocks).Clear();
    }

    private static void AddDense<TSum>(TSum* bounds, in WindowPostings postings, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        byte* impacts = postings.DenseImpacts;
        var blockIds = new DenseBlockIds(postings);
        for (int i = 0; i < postings.Dense; i++)
        {
            int count = BitOperations.PopCount(postings.Masks[i]);
            WindowSums.Add(bounds + blockIds.Next(), BlockVectors.Largest(impacts, count) * weight);
            impacts += count;
        }
    }

    private static void AddScattered<TSum>(TSum* bounds, in WindowPostings postings, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        var run = new Run<TSum>(bounds, weight);
        byte* impacts = postings.ScatteredImpacts;
        int count = postings.Scattered;
        if (!postings.IsUnary)
        {
            for (int i = 0; i < count; i++)
            {
                run.Add(((ushort*)postings.Docs)[i] / BlockLayout.BlockSize, impacts[i]);
            }

            return;
        }

        const int BlocksPerGroup = BlockLayout.GroupSize / BlockLayout.BlockSize;
        byte* low = postings.LowBytes;
        ulong* words = (ulong*)postings.Docs;
        int firstBlock = 0;
        for (int i = 0; ; firstBlock += 64 * BlocksPerGroup)
        {
            ulong word = *words++;
            int end = Math.Min(count, i + BitOperations.PopCount(word));
            for (; i < end; i++, firstBlock -= BlocksPerGroup)
            {
                int group = BitOperations.TrailingZeroCount(word);
                word &= word - 1;
                run.Add(firstBlock + (group * BlocksPerGroup) + (low[i] / BlockLayout.BlockSize), impacts[i]);
            }

            if (i == count)
            {
                return;
            }
        }
    }

    /// <summary>Postings of one block follow each other: the first adds its impact, a later one what it has more.</summary>
    private ref struct Run<TSum>(TSum* bounds, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        private int _block = -1;
        private int _largest;

        // Without branches that depend on the data.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(int block, int impact)
        {
            int before = block == _block ? _largest : 0;
            _largest = Math.Max(before, impact);
            _block = block;
            WindowSums.Add(bounds + block, (_largest - before) * weight);
        }
    }
}
