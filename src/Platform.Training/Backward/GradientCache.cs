using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Training.Backward;

/// <summary>Encodes all texts of a step in the memory of a chunk of them, with the gradients of one batch. Gao et al. 2021, arXiv:2101.06983.</summary>
/// <remarks>
/// First every chunk is encoded and only its representations stay. The loss gives their gradient; then each chunk is computed once more, now with
/// what the way back needs, and takes its part. Where all texts fit into one chunk nothing is computed twice. One step at a time.
/// </remarks>
/// <param name="model">The transformer.</param>
/// <param name="head">From states to representations.</param>
/// <param name="chunkTokens">The most tokens of a chunk; a longer text is a chunk of its own.</param>
/// <param name="layerwise">Whether layers are computed again on the way back, see <see cref="TrunkPass"/>.</param>
/// <param name="dropout">The model's; null for none.</param>
internal sealed class GradientCache(LlamaModel model, TrainedHead head, int chunkTokens, bool layerwise, SeededDropout? dropout = null) : IDisposable
{
    private const long ChunkStride = 1L << 20;                 // more than a model has layers

    private List<Chunk> _chunks = [];
    private Tensor? _representations;

    /// <summary>Encodes.</summary>
    /// <param name="texts">Token ids, each at least one.</param>
    /// <param name="dropoutSeed">Makes dropout the same on both ways through a chunk.</param>
    /// <param name="cancellationToken">Looked at before each layer.</param>
    /// <returns>[texts, d], in the order given: a leaf whose gradient <see cref="Backward"/> takes. Owned by this.</returns>
    public Tensor Encode(IReadOnlyList<ReadOnlyMemory<int>> texts, long dropoutSeed, CancellationToken cancellationToken)
    {
        Forget();
        _chunks = Cut(texts, dropoutSeed);
        using var scope = NewDisposeScope();
        var rows = new List<Tensor>();
        foreach (Chunk chunk in _chunks)
        {
            using IDisposable? noGrad = _chunks.Count == 1 ? null : no_grad();
            (TrunkPass pass, HeadOutput output) = Through(chunk, cancellationToken);
            rows.Add(output.Rows);
            if (_chunks.Count == 1)
            {
                chunk.Pass = pass;
                chunk.Output = output;
            }
            else
            {
                output.Places?.Dispose();
                pass.Dispose();
            }
        }

        long[] places = new long[texts.Count];
        int next = 0;
        foreach (int text in _chunks.SelectMany(chunk => chunk.TextsInBatchOrder))
        {
            places[text] = next++;
        }

        using IDisposable noGradient = no_grad();
        _representations = cat(rows, 0).index_select(0, tensor(places, device: rows[0].device)).DetachFromDisposeScope();
        foreach (Tensor row in rows.Where(row => !ReferenceEquals(row, _chunks[0].Output?.Rows)))
        {
            row.Dispose();
        }

        return _representations.requires_grad_();
    }

    /// <summary>Adds to all gradients what the representations' gradient means.</summary>
    public void Backward(CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        Tensor gradient = _representations?.grad ?? throw new InvalidOperationException("Call Encode, and go back from a loss of what it gave, before this.");
        foreach (Chunk chunk in _chunks)
        {
            using var chunkScope = NewDisposeScope();
            if (chunk.Pass is null || chunk.Output is null)
            {
                (chunk.Pass, chunk.Output) = Through(chunk, cancellationToken);
            }

            Tensor rows = gradient.index_select(0, tensor(chunk.TextsInBatchOrder.Select(text => (long)text).ToArray(), device: gradient.device));
            Tensor ofHidden = head.Backward(chunk.Pass.Hidden, chunk.Batch, chunk.Output, rows);
            chunk.Pass.Backward(ofHidden);
            chunk.Forget();
        }

        Forget();
    }

    public void Dispose() => Forget();

    private (TrunkPass Pass, HeadOutput Output) Through(Chunk chunk, CancellationToken cancellationToken)
    {
        TrunkPass pass = TrunkPass.Forward(model, chunk.Batch, layerwise, dropout, chunk.DropoutSeed, cancellationToken);
        HeadOutput output = head.Encode(pass.Hidden, chunk.Batch);
        _ = output.Rows.DetachFromDisposeScope();
        _ = output.Places?.DetachFromDisposeScope();
        return (pass, output);
    }

    private List<Chunk> Cut(IReadOnlyList<ReadOnlyMemory<int>> texts, long dropoutSeed)
    {
        List<List<int>> members = [];
        int tokens = 0;
        foreach (int text in Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length).ThenBy(i => i))
        {
            if (members.Count == 0 || tokens + texts[text].Length > chunkTokens)
            {
                members.Add([]);
                tokens = 0;
            }

            members[^1].Add(text);
            tokens += texts[text].Length;
        }

        return [.. members.Select((ids, i) => new Chunk(ids, texts, model.Weights.Device, unchecked(dropoutSeed + (i * ChunkStride))))];
    }

    private void Forget()
    {
        foreach (Chunk chunk in _chunks)
        {
            chunk.Forget();
        }

        _chunks = [];
        _representations?.Dispose();
        _representations = null;
    }

    private sealed class Chunk
    {
        public Chunk(List<int> ids, IReadOnlyList<ReadOnlyMemory<int>> texts, Device device, long dropoutSeed)
        {
            DropoutSeed = dropoutSeed;
            Batch = TokenBatch.Pack([.. ids.Select(id => texts[id])], device);
            _ = Batch.Ids.DetachFromDisposeScope();
            _ = Batch.Positions.DetachFromDisposeScope();
            TextsInBatchOrder = [.. Batch.Order.Select(i => ids[i])];
        }

        public TokenBatch Batch { get; }

        public long DropoutSeed { get; }

        public int[] TextsInBatchOrder { get; }

        public TrunkPass? Pass { get; set; }

        public HeadOutput? Output { get; set; }

        public void Forget()
        {
            Pass?.Dispose();
            Output?.Dispose();
            (Pass, Output) = (null, null);
            Batch.Dispose();
        }
    }
}
