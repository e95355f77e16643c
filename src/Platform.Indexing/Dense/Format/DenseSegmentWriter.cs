using System.IO.Hashing;
using System.Runtime.InteropServices;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>Writes a dense segment front to back out of rows of other segments, in memory or in files, as they are stored.</summary>
/// <remarks>
/// Nothing is decoded or quantised again: a score is the same before and after a seal or a merge. The stream need not seek, so
/// a segment can be written into the middle of a larger file. Memory: 8 bytes for 64 rows besides the list of rows.
/// </remarks>
internal static unsafe class DenseSegmentWriter
{
    private const int BlockSize = VectorLayout.BlockSize;

    /// <summary>Writes a segment at the stream's position; the stream stays open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="layout">The layout of every source.</param>
    /// <param name="documentCount">Documents, those without a vector included.</param>
    /// <param name="rows">The vectors, by ascending <see cref="DenseRow.DocId"/>.</param>
    /// <param name="cancellationToken">Looked at every block.</param>
    /// <returns>Bytes of the segment.</returns>
    /// <exception cref="ArgumentException">The documents do not ascend or do not exist, or a source has another layout.</exception>
    /// <exception cref="DenseFormatException">A source is damaged.</exception>
    public static long Write(
        Stream stream, VectorLayout layout, int documentCount, ReadOnlySpan<DenseRow> rows, CancellationToken cancellationToken)
    {
        bool identical = Check(layout, documentCount, rows);
        Span<byte> preamble = stackalloc byte[DenseFooter.PreambleSize];
        DenseFooter.WritePreamble(preamble);
        stream.Write(preamble);
        List<PartEntry> parts = [];
        List<uint> checksums = [];
        var part = new PartWriter(stream, DenseFooter.PreambleSize);
        bool separate = layout.SeparateCodeBytes > 0;
        WriteRows(part, rows, checksums, static (source, row) => source.RowBytes(row), withBounds: !separate, cancellationToken);
        parts.Add(part.End());
        if (separate)
        {
            WriteRows(part, rows, checksums, static (source, row) => MemoryMarshal.AsBytes(source.Code(row)), withBounds: true, cancellationToken);
        }

        parts.Add(part.End());
        WriteBounds(part, rows);
        parts.Add(part.End());
        for (int i = 0; i < rows.Length && !identical; i++)
        {
            part.Write(BitConverter.GetBytes(rows[i].DocId));
        }

        parts.Add(part.End());
        part.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(checksums)));
        parts.Add(part.End());
        var footer = new DenseFooter { DocumentCount = documentCount, VectorCount = rows.Length, Layout = layout, Parts = [.. parts] };
        byte[] bytes = new byte[DenseFooter.Size];
        footer.Write(bytes);
        stream.Write(bytes);
        return part.Position + bytes.Length;
    }

    /// <summary>Bytes of a segment of so many documents and vectors.</summary>
    /// <exception cref="OverflowException">2 GiB or more.</exception>
    public static int SizeOf(VectorLayout layout, int documentCount, int vectorCount)
    {
        long blocks = (vectorCount + BlockSize - 1L) / BlockSize;
        long rows = DenseFooter.Padded((long)vectorCount * layout.RowBytes);
        long codes = DenseFooter.Padded((long)vectorCount * layout.SeparateCodeBytes);
        long bounds = blocks * VectorRows.BoundsPerBlock * sizeof(float);
        long documents = vectorCount == documentCount ? 0 : DenseFooter.Padded((long)vectorCount * sizeof(int));
        long checksums = DenseFooter.Padded(blocks * sizeof(uint) * (layout.SeparateCodeBytes == 0 ? 1 : 2));
        return checked((int)(DenseFooter.PreambleSize + rows + codes + bounds + documents + checksums + DenseFooter.Size));
    }

    // Returns whether rows and docIds agree, so that the documents need not be stored.
    private static bool Check(VectorLayout layout, int documentCount, ReadOnlySpan<DenseRow> rows)
    {
        int previous = -1;
        bool identical = rows.Length == documentCount;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].DocId <= previous || rows[i].DocId >= documentCount)
            {
                throw new ArgumentException($"Row {i} belongs to document {rows[i].DocId}; it must be above {previous} and below {documentCount}.", nameof(rows));
            }

            if (rows[i].Source.Layout != layout)
            {
                throw new ArgumentException($"Row {i} has the layout {rows[i].Source.Layout}; the segment has {layout}.", nameof(rows));
            }

            previous = rows[i].DocId;
        }

        return identical;
    }

    private static void WriteRows(
        PartWriter part, ReadOnlySpan<DenseRow> rows, List<uint> checksums, ReadRow read, bool withBounds, CancellationToken cancellationToken)
    {
        var hash = new XxHash3();
        float[] bounds = new float[withBounds ? VectorRows.BoundsPerBlock : 0];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<byte> bytes = read(rows[i].Source, rows[i].Row);
            hash.Append(bytes);
            part.Write(bytes);
            if (i % BlockSize == BlockSize - 1 || i == rows.Length - 1)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CopyBounds(rows, i / BlockSize * BlockSize, bounds);
                hash.Append(MemoryMarshal.AsBytes<float>(bounds));
                checksums.Add((uint)hash.GetCurrentHashAsUInt64());
                hash.Reset();
            }
        }
    }

    private static void WriteBounds(PartWriter part, ReadOnlySpan<DenseRow> rows)
    {
        float[] bounds = new float[VectorRows.BoundsPerBlock];
        for (int first = 0; first < rows.Length; first += BlockSize)
        {
            CopyBounds(rows, first, bounds);
            part.Write(MemoryMarshal.AsBytes<float>(bounds));
        }
    }

    private static void CopyBounds(ReadOnlySpan<DenseRow> rows, int first, Span<float> bounds)
    {
        bounds.Clear();
        for (int i = 0; i < Math.Min(BlockSize, rows.Length - first) && !bounds.IsEmpty; i++)
        {
            (VectorRows source, int row, _) = rows[first + i];
            float* from = source.Bounds(row / BlockSize) + (row % BlockSize);
            for (int j = 0; j < VectorRows.BoundsPerBlock; j += BlockSize)
            {
                bounds[j + i] = from[j];
            }
        }
    }

    private delegate ReadOnlySpan<byte> ReadRow(VectorRows source, int row);
}
