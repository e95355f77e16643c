using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Sparse matrices of the big-ann benchmarks: int64 rows, columns, non-zeros; int64 row starts; int32 columns; float32 values.</summary>
public static class CsrFile
{
    private const int HeaderBytes = 24;
    private const int LongestRow = 1 << 20;

    /// <summary>Reads a file row by row; only the row starts are held in memory. A row's number, from 0, is its key.</summary>
    /// <exception cref="InterchangeFormatException">The file is not of this format.</exception>
    public static IEnumerable<InterchangeDocument> Read(string path)
    {
        using FileStream columns = File.OpenRead(path);
        using FileStream values = File.OpenRead(path);
        long[] starts = ReadStarts(path, columns);
        long nonZeros = starts[^1];
        values.Seek(HeaderBytes + (8L * starts.Length) + (4 * nonZeros), SeekOrigin.Begin);
        for (int row = 0; row < starts.Length - 1; row++)
        {
            yield return ReadRow(path, row, starts, columns, values);
        }
    }

    private static long[] ReadStarts(string path, FileStream file)
    {
        byte[] header = new byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            throw new InterchangeFormatException(path, "byte 0", $"the file has {file.Length} bytes; a .csr begins with {HeaderBytes}. Give a file of the big-ann sparse format.");
        }

        long rows = BinaryPrimitives.ReadInt64LittleEndian(header);
        long nonZeros = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16));
        Int128 expected = HeaderBytes + (8 * ((Int128)rows + 1)) + (8 * (Int128)nonZeros);
        if (rows < 0 || rows >= Array.MaxLength || nonZeros < 0 || file.Length != expected)
        {
            throw new InterchangeFormatException(
                path, "byte 0", $"the file has {file.Length} bytes; a .csr of {rows} rows and {nonZeros} non-zeros has {expected}. Give a file of the big-ann sparse format.");
        }

        long[] starts = new long[rows + 1];
        file.ReadExactly(MemoryMarshal.AsBytes(starts.AsSpan()));
        for (long row = 0; row < rows; row++)
        {
            if (starts[0] != 0 || starts[rows] != nonZeros || starts[row + 1] - starts[row] is < 0 or > LongestRow)
            {
                throw new InterchangeFormatException(
                    path, $"row {row}", $"it is said to have {starts[row + 1] - starts[row]} non-zeros from {starts[row]} on; row starts ascend from 0 to {nonZeros}, by at most {LongestRow}.");
            }
        }

        return rows > 0 || nonZeros == 0 ? starts : throw new InterchangeFormatException(path, "byte 0", $"no row has the {nonZeros} non-zeros.");
    }

    private static InterchangeDocument ReadRow(string path, int row, long[] starts, FileStream columns, FileStream values)
    {
        int length = (int)(starts[row + 1] - starts[row]);
        int[] termIds = new int[length];
        float[] weights = new float[length];
        columns.ReadExactly(MemoryMarshal.AsBytes(termIds.AsSpan()));
        values.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        Array.Sort(termIds, weights);
        for (int i = 0; i < length; i++)
        {
            if (termIds[i] < 0 || (i > 0 && termIds[i] == termIds[i - 1]) || !float.IsFinite(weights[i]))
            {
                throw new InterchangeFormatException(
                    path, $"row {row}", $"column {termIds[i]} has value {weights[i].ToString(CultureInfo.InvariantCulture)}; columns stand once, from 0, and values are finite.");
            }
        }

        return new InterchangeDocument(row.ToString(CultureInfo.InvariantCulture), "", termIds, weights);
    }
}
