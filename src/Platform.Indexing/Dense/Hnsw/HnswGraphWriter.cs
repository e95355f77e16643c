using System.IO.Hashing;
using System.Runtime.InteropServices;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>Writes a graph front to back; the stream need not seek. Memory: 4 bytes a row.</summary>
internal static unsafe class HnswGraphWriter
{
    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    public static long SizeOf(HnswGraph graph)
    {
        long lists = 0;
        for (int row = 0; row < graph.Count; row++)
        {
            lists += graph.LevelOf(row);
        }

        long blocks = (graph.Count + VectorLayout.BlockSize - 1L) / VectorLayout.BlockSize;
        return HnswFooter.PreambleSize
            + DenseFooter.Padded((long)graph.Count * graph.BasePlaces * sizeof(int))
            + DenseFooter.Padded((graph.Count + 1L) * sizeof(int))
            + DenseFooter.Padded(lists * graph.UpperPlaces * sizeof(int))
            + DenseFooter.Padded(blocks * sizeof(uint))
            + HnswFooter.Size;
    }

    /// <summary>Writes a graph at the stream's position; the stream stays open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="fingerprint">Of the sealed vectors it belongs to, row for row: <see cref="DenseSegment.Fingerprint"/>.</param>
    /// <param name="cancellationToken">Looked at every 64 rows.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="DenseFormatException">The graph is a damaged file.</exception>
    public static long Write(Stream stream, HnswGraph graph, ulong fingerprint, CancellationToken cancellationToken)
    {
        Span<byte> preamble = stackalloc byte[HnswFooter.PreambleSize];
        HnswFooter.WritePreamble(preamble);
        stream.Write(preamble);
        var part = new Part(stream, HnswFooter.PreambleSize);
        int[] starts = new int[graph.Count + 1];
        List<uint> checksums = [];
        List<PartEntry> parts = [];
        var hash = new XxHash3();
        for (int row = 0; row < graph.Count; row++)
        {
            var list = new ReadOnlySpan<byte>(graph.Links(row), graph.BasePlaces * sizeof(int));
            part.Write(list);
            hash.Append(list);
            starts[row + 1] = starts[row] + graph.LevelOf(row);
            if (row % VectorLayout.BlockSize == VectorLayout.BlockSize - 1 || row == graph.Count - 1)
            {
                cancellationToken.ThrowIfCancellationRequested();
                checksums.Add((uint)hash.GetCurrentHashAsUInt64());
                hash.Reset();
            }
        }

        parts.Add(part.End());
        part.Write(MemoryMarshal.AsBytes<int>(starts));
        parts.Add(part.End());
        for (int row = 0; row < graph.Count; row++)
        {
            for (int level = 1; level <= graph.LevelOf(row); level++)
            {
                part.Write(new ReadOnlySpan<byte>(graph.UpperLinks(row, level), graph.UpperPlaces * sizeof(int)));
            }
        }

        parts.Add(part.End());
        part.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(checksums)));
        parts.Add(part.End());
        var footer = new HnswFooter
        {
            Count = graph.Count,
            Options = graph.Options,
            Entry = graph.Entry,
            Fingerprint = fingerprint,
            Parts = [.. parts],
        };
        byte[] bytes = new byte[HnswFooter.Size];
        footer.Write(bytes);
        stream.Write(bytes);
        return part.Position + bytes.Length;
    }

    /// <summary>Writes one part after the other, each padded to the alignment.</summary>
    private sealed class Part(Stream stream, long position)
    {
        private readonly XxHash3 _hash = new();
        private long _length;

        public long Position { get; private set; } = position;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            _hash.Append(bytes);
            stream.Write(bytes);
            _length += bytes.Length;
        }

        public PartEntry End()
        {
            Span<byte> zeros = stackalloc byte[DenseFooter.Alignment];
            zeros.Clear();
            Write(zeros[..(int)(DenseFooter.Padded(_length) - _length)]);
            var entry = new PartEntry(Position, _length, _hash.GetCurrentHashAsUInt64());
            Position += _length;
            _length = 0;
            _hash.Reset();
            return entry;
        }
    }
}
