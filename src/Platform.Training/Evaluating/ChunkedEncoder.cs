using System.Runtime.InteropServices;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Training.Evaluating;

/// <summary>Encodes any number of texts with weights in training, without gradients, in the memory of a chunk.</summary>
internal sealed class ChunkedEncoder(LlamaModel model, int chunkTokens)
{
    /// <summary>Sparse vectors in the order given; of a text without tokens one without terms.</summary>
    public SparseVector[] Sparse(IReadOnlyList<ReadOnlyMemory<int>> texts, double scale, CancellationToken cancellationToken)
    {
        var vectors = new SparseVector[texts.Count];
        Array.Fill(vectors, new SparseVector([], []));
        Each(texts, (hidden, batch, places) =>
        {
            Tensor rows = SparseHead.Weights(hidden, model.Weights.Head, batch, scale, cancellationToken).contiguous();
            for (int i = 0; i < places.Length; i++)
            {
                Tensor row = rows[i];
                vectors[places[i]] = SparseVector.FromDense(MemoryMarshal.Cast<byte, float>(row.bytes)[..(int)rows.shape[1]], top: null);
            }
        }, cancellationToken);
        return vectors;
    }

    /// <summary>Dense vectors in the order given, [texts, h]; of a text without tokens zeros. The caller disposes them.</summary>
    public Tensor Dense(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
    {
        using IDisposable noGrad = no_grad();
        Tensor all = zeros(texts.Count, model.Config.Hidden);
        Each(texts, (hidden, batch, places) =>
        {
            Tensor rows = DenseHead.Pool(hidden, batch);
            _ = all.index_copy_(0, tensor(places.Select(place => (long)place).ToArray()), rows);
        }, cancellationToken);
        return all;
    }

    private void Each(IReadOnlyList<ReadOnlyMemory<int>> texts, Action<Tensor, TokenBatch, int[]> take, CancellationToken cancellationToken)
    {
        using IDisposable noGrad = no_grad();
        int[] order = [.. Enumerable.Range(0, texts.Count).Where(i => texts[i].Length > 0).OrderBy(i => texts[i].Length).ThenBy(i => i)];
        for (int first = 0; first < order.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = 0;
            for (int tokens = 0; first + count < order.Length && (count == 0 || tokens + texts[order[first + count]].Length <= chunkTokens); count++)
            {
                tokens += texts[order[first + count]].Length;
            }

            int[] members = order[first..(first + count)];
            using var scope = NewDisposeScope();
            using var batch = TokenBatch.Pack([.. members.Select(i => texts[i])], model.Weights.Device);
            Tensor hidden = model.Forward(batch, cancellationToken);
            take(hidden, batch, [.. batch.Order.Select(i => members[i])]);
            first += count;
        }
    }
}
