using System.Buffers;
using System.Buffers.Binary;

namespace Platform.Indexing.Shards;

/// <summary>The log that a shard appends to.</summary>
internal sealed class LogTail(ShardFiles files)
{
    private string _name = files.NewName("log");
    private long _length;
    private int _appends;

    /// <summary>True if the store takes no more appends to it.</summary>
    public bool IsFull => _appends >= files.MaxAppends;

    /// <summary>Begins another one, and gives its name; the store has it from the first append on.</summary>
    public string Begin()
    {
        _length = 0;
        _appends = 0;
        return _name = files.NewName("log");
    }

    /// <summary>Appends batches, and flushes them.</summary>
    /// <returns>How many bytes it grew by.</returns>
    public async Task<int> AppendAsync(IReadOnlyList<PendingWrite> group)
    {
        int length = group.Sum(write => ShardLog.HeadLength + write.Batch.Length) + ShardLog.HeaderLength;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int at = 0;
            if (_length == 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(buffer, ShardLog.Header);
                at = ShardLog.HeaderLength;
            }

            foreach (PendingWrite write in group)
            {
                at += ShardLog.WriteRecord(buffer.AsSpan(at), _length + at, write.Batch.Span);
            }

            await files.AppendAsync(_name, _length, buffer.AsMemory(0, at), CancellationToken.None);
            _length += at;
            _appends++;
            return at;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
