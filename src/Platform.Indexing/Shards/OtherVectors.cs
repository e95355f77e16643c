using Platform.Indexing.Dense;

namespace Platform.Indexing.Shards;

/// <summary>Writes that would mix vectors of two layouts in one shard.</summary>
internal static class OtherVectors
{
    /// <summary>Takes them out of a group and fails them; they never reach the log.</summary>
    public static void Refuse(List<PendingWrite> group, ShardState shard)
    {
        if (!group.Exists(write => write.Vectors is not null))
        {
            return;
        }

        VectorLayout? held = shard.Read(state => state.VectorLayout);
        group.RemoveAll(write =>
        {
            try
            {
                write.Vectors?.CheckSameAs(held);
                held ??= write.Vectors;
                return false;
            }
            catch (DenseVectorException e)
            {
                write.Done.SetException(e);
                return true;
            }
        });
    }
}
