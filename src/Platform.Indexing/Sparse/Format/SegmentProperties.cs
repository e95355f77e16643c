using System.Buffers.Binary;

namespace Platform.Indexing.Sparse;

/// <summary>How a segment was made, and what quantising and pruning did to it. 80 bytes in the footer.</summary>
internal sealed record SegmentProperties
{
    internal const int Size = 80;

    /// <summary>Weight of one impact unit: a weight is about <c>impact * Scale</c>. One per index.</summary>
    public float Scale { get; init; }

    /// <summary>Index-time pruning: strongest terms kept a document; 0 for all.</summary>
    public int MaxTermsPerDocument { get; init; }

    /// <summary>Index-time pruning: weights below this were dropped; 0 for none.</summary>
    public float MinWeight { get; init; }

    /// <summary>Whether documents were reordered by graph bisection.</summary>
    public bool Reordered { get; init; }

    /// <summary>Weights dropped by pruning or because they round to no impact.</summary>
    public long DroppedWeights { get; init; }

    /// <summary>Largest absolute difference of a weight and its quantised value, pruned weights apart.</summary>
    public float LargestError { get; init; }

    /// <summary>Weights above 255 times the scale, stored as 255.</summary>
    public long ClippedWeights { get; init; }

    /// <summary>Sum of the absolute quantisation errors, pruned weights apart; divide by the postings for the mean.</summary>
    public double SumOfErrors { get; init; }

    /// <summary>Sum over terms of the squared number of postings: over documents squared, the expected FLOPS of a document as query.</summary>
    public double SumOfSquaredPostings { get; init; }

    /// <summary>Sum over documents of the squared number of terms, for the deviation of non-zeros a document.</summary>
    public double SumOfSquaredTerms { get; init; }

    internal void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteSingleLittleEndian(into, Scale);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], MaxTermsPerDocument);
        BinaryPrimitives.WriteSingleLittleEndian(into[8..], MinWeight);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], Reordered ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], DroppedWeights);
        BinaryPrimitives.WriteSingleLittleEndian(into[24..], LargestError);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], ClippedWeights);
        BinaryPrimitives.WriteDoubleLittleEndian(into[40..], SumOfErrors);
        BinaryPrimitives.WriteDoubleLittleEndian(into[48..], SumOfSquaredPostings);
        BinaryPrimitives.WriteDoubleLittleEndian(into[56..], SumOfSquaredTerms);
    }

    internal static SegmentProperties Read(ReadOnlySpan<byte> from) => new()
    {
        Scale = BinaryPrimitives.ReadSingleLittleEndian(from),
        MaxTermsPerDocument = BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
        MinWeight = BinaryPrimitives.ReadSingleLittleEndian(from[8..]),
        Reordered = BinaryPrimitives.ReadInt32LittleEndian(from[12..]) != 0,
        DroppedWeights = BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
        LargestError = BinaryPrimitives.ReadSingleLittleEndian(from[24..]),
        ClippedWeights = BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
        SumOfErrors = BinaryPrimitives.ReadDoubleLittleEndian(from[40..]),
        SumOfSquaredPostings = BinaryPrimitives.ReadDoubleLittleEndian(from[48..]),
        SumOfSquaredTerms = BinaryPrimitives.ReadDoubleLittleEndian(from[56..]),
    };
}
