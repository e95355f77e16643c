using System.Buffers.Binary;
using Platform.Silo.Batching;

namespace Platform.Silo.Tests.Batching;

/// <summary>Encodes a text as the sum of its token ids, after what the test wants to happen first.</summary>
internal sealed class FakeEncoder(Action<IReadOnlyList<ReadOnlyMemory<int>>, CancellationToken>? before = null) : IBatchEncoder
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _running;

    /// <summary>Completes when the first batch begins.</summary>
    public Task Started => _started.Task;

    /// <summary>The texts of each batch, in the order in which batches began.</summary>
    public List<int> BatchSizes { get; } = [];

    /// <summary>The most batches that ran at once.</summary>
    public int MostAtOnce { get; private set; }

    public EncodedText[] Encode(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            BatchSizes.Add(texts.Count);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        _started.TrySetResult();
        try
        {
            before?.Invoke(texts, cancellationToken);
            return [.. texts.Select(text => new EncodedText(Dense: Bytes(Sum(text))))];
        }
        finally
        {
            lock (_lock)
            {
                _running--;
            }
        }
    }

    /// <summary>What a text's vector says.</summary>
    public static int SumIn(EncodedText vector) => BinaryPrimitives.ReadInt32LittleEndian(vector.Dense.Span);

    /// <summary>What a text's vector must say.</summary>
    public static int Sum(ReadOnlyMemory<int> text) => text.ToArray().Sum();

    /// <summary>A text of a length, of one token id.</summary>
    public static ReadOnlyMemory<int> Text(int tokens, int id = 1) => Enumerable.Repeat(id, tokens).ToArray();

    private static byte[] Bytes(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
