using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Sparse matrices of the big-ann benchmarks: int64 rows, columns, non-zeros; int64 row starts; int32 columns; float32 values.</summary>
internal static class CsrFile
{
    /// <summary>Reads a file row by row; only the row starts are held in memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="add">Called for every row, in order, with spans that are valid during the call.</param>
    /// <param name="cancellationToken">Ends the reading between rows.</param>
    /// <returns>Rows read.</returns>
    /// <exception cref="InvalidDataException">The file is not of this format.</exception>
    public static long Read(string path, CsrRow add, CancellationToken cancellationToken)
    {
        using FileStream columns = File.OpenRead(path);
        using FileStream values = File.OpenRead(path);
        Span<byte> header = stackalloc byte[24];
        columns.ReadExactly(header);
        long rows = BinaryPrimitives.ReadInt64LittleEndian(header);
        long nonZeros = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        long expected = 24 + (8 * ((Int128)rows + 1)) + (8 * (Int128)nonZeros) is var size && size <= long.MaxValue ? (long)size : -1;
        if (rows < 0 || rows >= Array.MaxLength || nonZeros < 0 || columns.Length != expected)
        {
            throw new InvalidDataException($"'{path}' has {columns.Length} bytes; a .csr of {rows} rows and {nonZeros} non-zeros has {expected}. Give a file of the big-ann sparse format.");
        }

        long[] starts = new long[rows + 1];
        columns.ReadExactly(MemoryMarshal.AsBytes(starts.AsSpan()));
        values.Seek(24 + (8 * (rows + 1)) + (4 * nonZeros), SeekOrigin.Begin);
        int[] rowColumns = [];
        float[] rowValues = [];
        for (long row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long length = starts[row + 1] - starts[row];
            if (starts[0] != 0 || length < 0 || length > Array.MaxLength || starts[row + 1] > nonZeros)
            {
                throw new InvalidDataException($"'{path}': row {row} is said to have {length} non-zeros from {starts[row]} on; row starts must ascend from 0 to {nonZeros}.");
            }

            if (rowColumns.Length < length)
            {
                rowColumns = new int[2 * length];
                rowValues = new float[2 * length];
            }

            columns.ReadExactly(MemoryMarshal.AsBytes(rowColumns.AsSpan(0, (int)length)));
            values.ReadExactly(MemoryMarshal.AsBytes(rowValues.AsSpan(0, (int)length)));
            add(row, rowColumns.AsSpan(0, (int)length), rowValues.AsSpan(0, (int)length));
        }

        return rows;
    }
}
