using System.Text.Json;
using Platform.Encoders.Llama;
using Platform.Training.Backward;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Backward;

public sealed class TiledSparseHeadTests
{
    [Fact]
    public void Weights_and_gradients_equal_plain_PyTorch_over_all_logits()
    {
        using var scope = NewDisposeScope();
        JsonElement reference = TorchReference.Root.GetProperty("sparse_head");
        Tensor hidden = TorchReference.Input(reference, "hidden");
        Tensor head = TorchReference.Input(reference, "head");
        Tensor weight = TorchReference.Input(reference, "weight", trained: false);
        double scale = reference.GetProperty("scale").GetDouble();
        using var batch = TokenBatch.Pack(
            [.. TorchReference.Longs(reference.GetProperty("lengths")).Select(length => new ReadOnlyMemory<int>(new int[length]))], CPU);

        (Tensor weights, Tensor places) = TiledSparseHead.Forward(hidden, head, batch, scale);
        Tensor headGradient = zeros_like(head);
        Tensor gradient = TiledSparseHead.Backward(hidden, head, batch, scale, weights, places, weight, headGradient);

        TorchReference.AssertClose(TorchReference.Numbers(reference.GetProperty("output")), weights, 1e-10);
        TorchReference.AssertClose(TorchReference.Numbers(reference.GetProperty("gradients").GetProperty("hidden")), gradient);
        TorchReference.AssertClose(TorchReference.Numbers(reference.GetProperty("gradients").GetProperty("head")), headGradient);
    }

    [Fact]
    public void Padded_batches_are_refused()
    {
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Pad(SmallModel.Texts(2, seed: 1), left: false, padId: 0, CPU);
        Assert.Throws<ArgumentException>(() => TiledSparseHead.Forward(zeros(batch.Ids.shape[0], 3), zeros(5, 3), batch, 1));
    }
}
