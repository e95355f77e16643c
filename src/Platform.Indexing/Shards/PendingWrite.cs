using Platform.Indexing.Dense;

namespace Platform.Indexing.Shards;

/// <summary>A batch that waits to be written, or a command in its place.</summary>
/// <param name="Batch">The bytes.</param>
/// <param name="Operations">How many it has.</param>
/// <param name="Vectors">What its vectors have in common; null if it has none.</param>
internal sealed record PendingWrite(ReadOnlyMemory<byte> Batch, int Operations, VectorLayout? Vectors)
{
    /// <summary>What to do in this place, if it is no write; its result is work that goes on beside the writes.</summary>
    public Func<Task<Task>>? Command { get; init; }

    /// <summary>That work.</summary>
    public Task Begun { get; set; } = Task.CompletedTask;

    /// <summary>Ends when the batch is acknowledged, or the command has run.</summary>
    public TaskCompletionSource<WriteOutcome[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes out of a group what would mix vectors of two layouts; it never reaches the log.</summary>
    /// <param name="group">Waits to be appended together.</param>
    /// <param name="layoutHeld">The layout of the vectors that the shard has; asked for only if the group has vectors.</param>
    public static void RefuseOtherVectors(List<PendingWrite> group, Func<VectorLayout?> layoutHeld)
    {
        if (!group.Exists(write => write.Vectors is not null))
        {
            return;
        }

        VectorLayout? held = layoutHeld();
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
