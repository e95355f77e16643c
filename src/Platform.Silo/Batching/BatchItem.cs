namespace Platform.Silo.Batching;

/// <summary>One text that waits for the device.</summary>
/// <param name="Call">The call it came with.</param>
/// <param name="Index">Its place in the call.</param>
/// <param name="Tokens">Its token ids, at least one.</param>
internal sealed record BatchItem(BatchCall Call, int Index, ReadOnlyMemory<int> Tokens)
{
    private const int ShortestBucket = 16;

    /// <summary>Texts of one bucket may stand in one batch: the longest length of its bucket, 16, 24, 32, 48, 64, 96 and so on tokens.</summary>
    /// <remarks>Above 16 tokens a text is longer than two thirds of its bucket, so padding is below a third.</remarks>
    public int Bucket { get; } = BucketOf(Tokens.Length);

    /// <summary>The order of arrival at the queue, which sets it.</summary>
    public long Sequence { get; set; }

    private static int BucketOf(int tokens)
    {
        int power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(tokens, ShortestBucket));
        return power > ShortestBucket && tokens <= power / 4 * 3 ? power / 4 * 3 : power;
    }
}

/// <summary>The texts that one caller waits for.</summary>
/// <param name="encoder">Encodes them.</param>
/// <param name="tenant">For whom.</param>
/// <param name="areQueries">Queries go before documents.</param>
/// <param name="texts">How many texts.</param>
internal sealed class BatchCall(IBatchEncoder encoder, string tenant, bool areQueries, int texts)
{
    private readonly TaskCompletionSource<EncodedText[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EncodedText[] _vectors = new EncodedText[texts];
    private int _missing = texts;

    /// <summary>Encodes the texts.</summary>
    public IBatchEncoder Encoder { get; } = encoder;

    /// <summary>For whom.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>Queries go before documents.</summary>
    public bool AreQueries { get; } = areQueries;

    /// <summary>The vectors in the order of the texts, a fault, or cancelled.</summary>
    public Task<EncodedText[]> Vectors => _done.Task;

    /// <summary>Notes one vector; the last completes the call.</summary>
    public void Complete(int index, EncodedText vector)
    {
        _vectors[index] = vector;
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _done.TrySetResult(_vectors);
        }
    }

    /// <summary>Ends the call with a fault.</summary>
    public void Fail(Exception fault) => _done.TrySetException(fault);

    /// <summary>Ends the call as cancelled.</summary>
    public void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
}
