using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Runs;

/// <summary>The results of one query: ids as bytes in one array, so that millions of results cost no strings.</summary>
/// <remarks>After <see cref="Rank"/> the order is trec_eval's: score descending, then document id descending by byte.</remarks>
internal sealed class ResultList(string queryId, int capacity, int idCapacity)
{
    private byte[] _ids = new byte[idCapacity];
    private Entry[] _entries = new Entry[capacity];

    public string QueryId { get; private set; } = queryId;

    public int Count { get; private set; }

    public int IdBytes { get; private set; }

    /// <summary>Empties the list for another query; its room stays.</summary>
    public void Restart(string queryId)
    {
        QueryId = queryId;
        Count = IdBytes = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> documentId, double score, long line)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(16, Count * 2));
        }

        if (IdBytes + documentId.Length > _ids.Length)
        {
            Array.Resize(ref _ids, Math.Max(256, (IdBytes + documentId.Length) * 2));
        }

        documentId.CopyTo(_ids.AsSpan(IdBytes));
        _entries[Count++] = new(score, IdBytes, documentId.Length, line);
        IdBytes += documentId.Length;
    }

    public ReadOnlySpan<byte> IdAt(int position) => _ids.AsSpan(_entries[position].Start, _entries[position].Length);

    public double ScoreAt(int position) => _entries[position].Score;

    public RunResult ResultAt(int position) => new(Encoding.UTF8.GetString(IdAt(position)), ScoreAt(position));

    /// <summary>Checks a list read from a file, and ranks it.</summary>
    /// <exception cref="CollectionFormatException">A document occurs twice.</exception>
    public void Complete(string path, ref int[] slots)
    {
        if (FindDuplicate(ref slots) is int duplicate and >= 0)
        {
            throw CollectionFormatException.At(path, _entries[duplicate].Line,
                $"document {Fields.Show(IdAt(duplicate))} a second time for query '{QueryId}'",
                "each document once in a query", "Remove the repeated line; trec_eval refuses it too.");
        }

        Rank();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rank()
    {
        for (int i = 1; i < Count; i++)
        {
            if (Compare(_entries[i - 1], _entries[i]) > 0)
            {
                _entries.AsSpan(0, Count).Sort(Compare);
                return;
            }
        }
    }

    /// <summary>Returns the position of a document id that an earlier position has too, or -1.</summary>
    /// <param name="slots">Scratch, grown as needed and reused between calls.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindDuplicate(ref int[] slots)
    {
        int slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, Count * 2));
        if (slots.Length < slotCount)
        {
            slots = new int[slotCount];
        }

        Span<int> table = slots.AsSpan(0, slotCount);
        table.Clear();
        for (int position = 0; position < Count; position++)
        {
            ReadOnlySpan<byte> id = IdAt(position);
            int slot = (int)(DocumentIdHash.Of(id) & (uint)(slotCount - 1));
            while (table[slot] != 0)
            {
                if (IdAt(table[slot] - 1).SequenceEqual(id))
                {
                    return position;
                }

                slot = (slot + 1) & (slotCount - 1);
            }

            table[slot] = position + 1;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Compare(Entry left, Entry right)
    {
        int byScore = right.Score.CompareTo(left.Score);
        return byScore != 0
            ? byScore
            : _ids.AsSpan(right.Start, right.Length).SequenceCompareTo(_ids.AsSpan(left.Start, left.Length));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(double Score, int Start, int Length, long Line);
}
