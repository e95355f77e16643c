using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Platform.Evaluation.Collections;

/// <summary>
/// Dense vectors that some encoder made of documents or queries: <c>NAME.f32</c> has them end to end as little-endian float32, <c>NAME.ids</c> the id of
/// each, a line a vector, in the same order.
/// </summary>
/// <remarks>Vectors stay in the file and are read one at a time; ids are in memory. Safe on any number of threads.</remarks>
public sealed class VectorFile : IDisposable
{
    private readonly Dictionary<string, long> _rows;
    private readonly SafeFileHandle _file;

    private VectorFile(Dictionary<string, long> rows, SafeFileHandle file, int dimensions)
    {
        _rows = rows;
        _file = file;
        Dimensions = dimensions;
    }

    /// <summary>Components of each vector.</summary>
    public int Dimensions { get; }

    /// <summary>Vectors.</summary>
    public int Count => _rows.Count;

    /// <summary>Opens the two files.</summary>
    /// <param name="path">Their path without <c>.f32</c> and <c>.ids</c>.</param>
    /// <exception cref="CollectionFormatException">A file is missing, an id stands twice, or the bytes are not so many vectors of one dimension.</exception>
    public static VectorFile Open(string path)
    {
        string idsPath = path + ".ids";
        string vectorsPath = path + ".f32";
        foreach (string needed in (string[])[idsPath, vectorsPath])
        {
            if (!File.Exists(needed))
            {
                throw CollectionFormatException.MissingFile(needed, "vectors as NAME.f32 with their ids in NAME.ids");
            }
        }

        Dictionary<string, long> rows = new(StringComparer.Ordinal);
        foreach (string id in File.ReadLines(idsPath))
        {
            if (!rows.TryAdd(id, rows.Count))
            {
                throw CollectionFormatException.At(idsPath, rows.Count + 1, $"the id '{id}' once more", "each id once", "Remove one, and its vector.");
            }
        }

        SafeFileHandle file = File.OpenHandle(vectorsPath);
        long bytes = RandomAccess.GetLength(file);
        if (rows.Count == 0 || bytes == 0 || bytes % (sizeof(float) * (long)rows.Count) != 0)
        {
            file.Dispose();
            throw CollectionFormatException.Of(
                vectorsPath, $"{bytes} bytes for {rows.Count} ids", "as many little-endian 32-bit floats for each id", "Write both files from the same list.");
        }

        return new VectorFile(rows, file, checked((int)(bytes / sizeof(float) / rows.Count)));
    }

    /// <summary>The vector of an id; null if the file has none.</summary>
    public float[]? Find(string id)
    {
        if (!_rows.TryGetValue(id, out long row))
        {
            return null;
        }

        float[] vector = new float[Dimensions];
        Span<byte> bytes = MemoryMarshal.AsBytes(vector.AsSpan());
        long at = row * bytes.Length;
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_file, bytes, at);
            if (read == 0)
            {
                throw new EndOfStreamException($"The file of vectors became shorter than {at} bytes while it was read. Keep it as it is.");
            }

            at += read;
            bytes = bytes[read..];
        }

        return vector;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
