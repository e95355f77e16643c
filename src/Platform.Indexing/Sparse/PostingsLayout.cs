using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>How postings lie in blocks of 64 documents: together in dense blocks, or one by one; numbers of both kinds may be expectations.</summary>
/// <param name="DensePostings">Postings in blocks that hold five or more of their term.</param>
/// <param name="Steps">Dense blocks and single postings: what a scan adds one at a time.</param>
/// <param name="Bytes">Bytes of documents and impacts: 9 a dense block, 2 a single posting, 1 an impact.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PostingsLayout(double DensePostings, double Steps, double Bytes)
{
    private const int DenseBlockBytes = 9;
    private const int ScatteredBytes = 2;

    /// <summary>The sum.</summary>
    public static PostingsLayout operator +(PostingsLayout a, PostingsLayout b) =>
        new(a.DensePostings + b.DensePostings, a.Steps + b.Steps, a.Bytes + b.Bytes);

    /// <summary>A term as it lies.</summary>
    internal static PostingsLayout Of(long postings, long denseBlocks, long scattered) =>
        new(postings - scattered, denseBlocks + scattered, postings + (DenseBlockBytes * denseBlocks) + (ScatteredBytes * scattered));

    /// <summary>The expectation for a term over all orders of the documents: a block then holds a binomial number of its postings.</summary>
    internal static PostingsLayout InRandomOrder(long postings, long documents)
    {
        double share = (double)postings / documents;
        double blocks = documents / (double)BlockLayout.BlockSize;
        double exactly = Math.Pow(1 - share, BlockLayout.BlockSize);     // the chance of a block with none
        double few = exactly;
        double scatteredOfBlock = 0;
        for (int count = 1; count < BlockLayout.DenseFrom; count++)
        {
            exactly = share == 1 ? 0 : exactly * (BlockLayout.BlockSize - count + 1) / count * share / (1 - share);
            few += exactly;
            scatteredOfBlock += count * exactly;
        }

        double scattered = Math.Min(postings, blocks * scatteredOfBlock);
        double dense = share == 1 ? blocks : Math.Max(0, blocks * (1 - few));
        return new PostingsLayout(postings - scattered, dense + scattered, postings + (DenseBlockBytes * dense) + (ScatteredBytes * scattered));
    }
}
