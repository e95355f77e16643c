using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Indexing.Fields;

/// <summary>Writes the columns of a segment file out of those of the segments that it is made of.</summary>
internal static class FieldSegmentWriter
{
    private const int Alignment = 8;

    /// <summary>The part; empty if no document that stays has a field.</summary>
    /// <param name="sources">The segments' columns.</param>
    /// <param name="newDocIds">For each segment the new number of each document, -1 for those left out.</param>
    /// <param name="documents">Documents of the new segment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static byte[] Write(IReadOnlyList<FieldColumns> sources, int[][] newDocIds, int documents, CancellationToken cancellationToken)
    {
        List<(string Name, FieldKind Kind, byte[] Content)> columns = [];
        foreach (string name in NamesOf(sources, source => source.Keywords.Keys))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(columns, name, FieldKind.Keywords, Keywords([.. sources.Select(source => source.Keywords.GetValueOrDefault(name))], newDocIds, documents));
        }

        foreach (string name in NamesOf(sources, source => source.Scalars.Keys))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(columns, name, FieldKind.Scalar, Scalars([.. sources.Select(source => source.Scalars.GetValueOrDefault(name))], newDocIds, documents));
        }

        return columns.Count == 0 ? [] : Join(columns, documents);
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<FieldColumns> sources, Func<FieldColumns, IEnumerable<string>> names) =>
        sources.SelectMany(names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static void Add(List<(string Name, FieldKind Kind, byte[] Content)> columns, string name, FieldKind kind, byte[] content)
    {
        if (content.Length > 0)
        {
            columns.Add((name, kind, content));
        }
    }

    private static byte[] Join(List<(string Name, FieldKind Kind, byte[] Content)> columns, int documents)
    {
        byte[][] names = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        int namesAt = FieldSegment.HeadLength + (columns.Count * FieldSegment.EntryLength);
        long length = Align(namesAt + names.Sum(name => name.Length));
        foreach ((_, _, byte[] content) in columns)
        {
            length = Align(length + content.Length);
        }

        byte[] part = new byte[checked((int)length)];
        BinaryPrimitives.WriteInt64LittleEndian(part, documents);
        BinaryPrimitives.WriteInt64LittleEndian(part.AsSpan(8), columns.Count);
        int nameAt = namesAt;
        int at = (int)Align(namesAt + names.Sum(name => name.Length));
        for (int i = 0; i < columns.Count; i++)
        {
            Span<long> entry = MemoryMarshal.Cast<byte, long>(part.AsSpan(FieldSegment.HeadLength + (i * FieldSegment.EntryLength), FieldSegment.EntryLength));
            (entry[0], entry[1]) = (nameAt, ((long)columns[i].Kind << 32) | (uint)names[i].Length);
            (entry[2], entry[3]) = (at, columns[i].Content.Length);
            names[i].CopyTo(part, nameAt);
            columns[i].Content.CopyTo(part, at);
            nameAt += names[i].Length;
            at = (int)Align(at + columns[i].Content.Length);
        }

        return part;
    }

    private static byte[] Keywords(KeywordColumn?[] sources, int[][] newDocIds, int documents)
    {
        (List<byte[]> terms, int[][] newOrdinals) = TermsInUse(sources, newDocIds);
        if (terms.Count == 0)
        {
            return [];
        }

        int[] starts = new int[documents + 1];
        EachDocument(sources, newDocIds, (source, docId, newDocId, _) => starts[newDocId + 1] = source.OrdinalsOf(docId).Length);
        for (int docId = 0; docId < documents; docId++)
        {
            starts[docId + 1] += starts[docId];
        }

        int[] ordinals = new int[starts[^1]];
        EachDocument(sources, newDocIds, (source, docId, newDocId, segment) =>
        {
            Span<int> into = ordinals.AsSpan(starts[newDocId]..starts[newDocId + 1]);
            ReadOnlySpan<int> from = source.OrdinalsOf(docId);
            for (int i = 0; i < from.Length; i++)
            {
                into[i] = newOrdinals[segment][from[i]];
            }

            into.Sort();
        });
        int[] offsets = new int[terms.Count + 1];
        for (int ordinal = 0; ordinal < terms.Count; ordinal++)
        {
            offsets[ordinal + 1] = checked(offsets[ordinal] + terms[ordinal].Length);
        }

        byte[] content = new byte[checked(((2 + offsets.Length + starts.Length + ordinals.Length) * sizeof(int)) + offsets[^1])];
        Span<int> numbers = MemoryMarshal.Cast<byte, int>(content.AsSpan());
        (numbers[0], numbers[1]) = (terms.Count, ordinals.Length);
        offsets.CopyTo(numbers[2..]);
        starts.CopyTo(numbers[(2 + offsets.Length)..]);
        ordinals.CopyTo(numbers[(2 + offsets.Length + starts.Length)..]);
        Span<byte> bytes = content.AsSpan(content.Length - offsets[^1]);
        for (int ordinal = 0; ordinal < terms.Count; ordinal++)
        {
            terms[ordinal].CopyTo(bytes[offsets[ordinal]..]);
        }

        return content;
    }

    /// <summary>The words of the documents that stay, ascending by bytes, and for each segment the new number of each word.</summary>
    private static (List<byte[]> Terms, int[][] NewOrdinals) TermsInUse(KeywordColumn?[] sources, int[][] newDocIds)
    {
        int[][] newOrdinals = [.. sources.Select(source => new int[source?.TermCount ?? 0])];
        List<(byte[] Term, int Segment, int Ordinal)> used = [];
        EachDocument(sources, newDocIds, (source, docId, _, segment) =>
        {
            foreach (int ordinal in source.OrdinalsOf(docId))
            {
                if (newOrdinals[segment][ordinal] == 0)
                {
                    newOrdinals[segment][ordinal] = 1;
                    used.Add((source.Term(ordinal).ToArray(), segment, ordinal));
                }
            }
        });
        used.Sort((a, b) => a.Term.AsSpan().SequenceCompareTo(b.Term));
        List<byte[]> terms = [];
        foreach ((byte[] term, int segment, int ordinal) in used)
        {
            if (terms.Count == 0 || !terms[^1].AsSpan().SequenceEqual(term))
            {
                terms.Add(term);
            }

            newOrdinals[segment][ordinal] = terms.Count - 1;
        }

        return (terms, newOrdinals);
    }

    private static byte[] Scalars(ScalarColumn?[] sources, int[][] newDocIds, int documents)
    {
        long least = long.MaxValue;
        long most = long.MinValue;
        EachDocument(sources, newDocIds, (source, docId, _, _) =>
        {
            if (source.Has(docId))
            {
                least = Math.Min(least, source.At(docId));
                most = Math.Max(most, source.At(docId));
            }
        });
        if (least > most)
        {
            return [];
        }

        int width = unchecked((ulong)(most - least)) switch { <= byte.MaxValue => 1, <= ushort.MaxValue => 2, <= uint.MaxValue => 4, _ => 8 };
        int words = (documents + 63) / 64;
        byte[] content = new byte[checked(16 + (words * sizeof(ulong)) + (documents * width))];
        BinaryPrimitives.WriteInt64LittleEndian(content, least);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(8), width);
        EachDocument(sources, newDocIds, (source, docId, newDocId, _) =>
        {
            if (source.Has(docId))
            {
                MemoryMarshal.Cast<byte, ulong>(content.AsSpan(16, words * sizeof(ulong)))[newDocId >> 6] |= 1UL << newDocId;
                Span<byte> value = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(value, unchecked((ulong)(source.At(docId) - least)));
                value[..width].CopyTo(content.AsSpan(16 + (words * sizeof(ulong)) + (newDocId * width)));
            }
        });
        return content;
    }

    private static void EachDocument<T>(T?[] sources, int[][] newDocIds, Action<T, int, int, int> visit)
        where T : FieldColumn
    {
        for (int segment = 0; segment < sources.Length; segment++)
        {
            for (int docId = 0; sources[segment] is { } source && docId < newDocIds[segment].Length; docId++)
            {
                if (newDocIds[segment][docId] >= 0)
                {
                    visit(source, docId, newDocIds[segment][docId], segment);
                }
            }
        }
    }

    private static long Align(long position) => (position + Alignment - 1) / Alignment * Alignment;
}
