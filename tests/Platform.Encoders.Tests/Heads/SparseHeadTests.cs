using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Native;
using static TorchSharp.torch;

namespace Platform.Encoders.Tests.Heads;

public sealed class SparseHeadTests
{
    [Fact]
    public void Tiles_give_the_weights_that_all_logits_at_once_give()
    {
        TorchRuntime.Start();
        using IDisposable inference = inference_mode(true);
        using var scope = NewDisposeScope();
        manual_seed(5);
        ReadOnlyMemory<int>[] texts = [.. ((int[])[3, 128, 90, 3, 128, 128, 128, 128]).Select(length => (ReadOnlyMemory<int>)new int[length])];
        Tensor head = randn(30_011, 16);
        foreach (TokenBatch batch in (TokenBatch[])[TokenBatch.Pack(texts, CPU), TokenBatch.Pad(texts, left: true, 0, CPU)])
        {
            Tensor hidden = randn(batch.Ids.shape[0], 16);
            Tensor tiled = SparseHead.Weights(hidden, head, batch, 0.5);
            Tensor atOnce = SparseHead.WeightsAtOnce(hidden, head, batch, 0.5);
            Assert.True(tiled.allclose(atOnce, 0, 1e-5));
            Assert.True((tiled.min() >= 0).item<bool>());
            batch.Dispose();
        }
    }

    [Fact]
    public void Pruning_keeps_the_heaviest_terms_and_of_equals_the_lowest()
    {
        float[] row = [0, 2, 1, 3, -1, 2, 2];
        Assert.Equal([1, 2, 3, 5, 6], SparseVector.FromDense(row, null).TermIds);
        SparseVector pruned = SparseVector.FromDense(row, 3);
        Assert.Equal([1, 3, 5], pruned.TermIds);
        Assert.Equal([2f, 3f, 2f], pruned.Weights);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_that_is_no_number_is_told_with_its_term(float weight) =>
        Assert.Contains("term 1", Assert.Throws<InvalidDataException>(() => SparseVector.FromDense([0, weight], null)).Message, StringComparison.Ordinal);
}
