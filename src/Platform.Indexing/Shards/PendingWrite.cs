using Platform.Indexing.Dense;

namespace Platform.Indexing.Shards;

/// <summary>A batch that waits for the log, or a command that waits for its turn.</summary>
/// <param name="Batch">The bytes.</param>
/// <param name="Operations">How many it has.</param>
/// <param name="Vectors">What its vectors have in common; null if it has none.</param>
internal sealed record PendingWrite(ReadOnlyMemory<byte> Batch, int Operations, VectorLayout? Vectors)
{
    /// <summary>What to do in this place, if it is no write; its result is work that goes on beside the writes.</summary>
    public Func<Task<Task>>? Command { get; init; }

    /// <summary>That work.</summary>
    public Task Begun { get; set; } = Task.CompletedTask;

    /// <summary>The outcomes, once they are durable.</summary>
    public TaskCompletionSource<WriteOutcome[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
