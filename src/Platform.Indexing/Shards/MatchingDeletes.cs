using System.Numerics;
using System.Text;
using Platform.Indexing.Fields;

namespace Platform.Indexing.Shards;

/// <summary>The batch that deletes documents which match a filter, each by its key, so that a replay needs no filter.</summary>
internal static class MatchingDeletes
{
    /// <summary>Deletes of the first live matches. Call it inside <see cref="ShardState.Read"/>.</summary>
    public static ShardBatch Of(ShardState state, FieldFilter filter, int most)
    {
        var batch = new ShardBatch();
        foreach (Segment segment in state.Segments)
        {
            ReadOnlySpan<ulong> allowed = segment.Match(filter).Allowed;
            ReadOnlySpan<ulong> deleted = segment.Deleted.Words;
            for (int word = 0; word < allowed.Length; word++)
            {
                for (ulong left = allowed[word] & ~(word < deleted.Length ? deleted[word] : 0); left != 0; left &= left - 1)
                {
                    if (batch.Count == most)
                    {
                        return batch;
                    }

                    batch.Delete(Guid.NewGuid(), Encoding.UTF8.GetString(segment.KeyOf((word << 6) + BitOperations.TrailingZeroCount(left))));
                }
            }
        }

        return batch;
    }
}
