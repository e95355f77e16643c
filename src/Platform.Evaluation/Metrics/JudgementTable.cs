using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Platform.Evaluation.Runs;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Metrics;

/// <summary>One query's judged documents, looked up by the bytes of their ids. Open addressing; refilled for each query.</summary>
internal sealed class JudgementTable
{
    private int[] _slots = [];
    private (uint Hash, int Start, int Length)[] _ids = [];
    private int[] _grades = [];
    private byte[] _bytes = new byte[1024];
    private int _count;
    private int _mask;

    public ReadOnlySpan<int> Grades => _grades.AsSpan(0, _count);

    public void Fill(IReadOnlyList<Judgement> judgements)
    {
        _count = judgements.Count;
        int slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, _count * 2));
        _mask = slotCount - 1;
        if (_slots.Length < slotCount)
        {
            _slots = new int[slotCount];
        }

        if (_grades.Length < _count)
        {
            _grades = new int[_count];
            _ids = new (uint, int, int)[_count];
        }

        _slots.AsSpan(0, slotCount).Clear();
        int used = 0;
        for (int i = 0; i < _count; i++)
        {
            string documentId = judgements[i].DocumentId;
            int needed = used + Encoding.UTF8.GetMaxByteCount(documentId.Length);
            if (needed > _bytes.Length)
            {
                Array.Resize(ref _bytes, needed * 2);
            }

            int length = Encoding.UTF8.GetBytes(documentId, _bytes.AsSpan(used));
            uint hash = DocumentIdHash.Of(_bytes.AsSpan(used, length));
            _ids[i] = (hash, used, length);
            _grades[i] = judgements[i].Grade;
            used += length;
            uint slot = hash & (uint)_mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (uint)_mask;
            }

            _slots[slot] = i + 1;
        }
    }

    /// <summary>Returns the document's grade as <see cref="JudgedRanking"/> counts it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int GradeOf(ReadOnlySpan<byte> documentId)
    {
        uint hash = DocumentIdHash.Of(documentId);
        for (uint slot = hash & (uint)_mask; _slots[slot] != 0; slot = (slot + 1) & (uint)_mask)
        {
            int index = _slots[slot] - 1;
            (uint Hash, int Start, int Length) id = _ids[index];
            if (id.Hash == hash && documentId.SequenceEqual(_bytes.AsSpan(id.Start, id.Length)))
            {
                return _grades[index] < 0 ? JudgedRanking.Unjudged : _grades[index];
            }
        }

        return JudgedRanking.NotInPool;
    }
}
