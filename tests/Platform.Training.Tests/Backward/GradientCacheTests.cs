using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Training.Backward;
using Platform.Training.Losses;
using Platform.Training.Optimisation;
using Platform.Training.Recipes;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Backward;

public sealed class GradientCacheTests
{
    private const int Queries = 4;
    private const int Passages = 12;

    [Theory]
    [InlineData(true, false, false, 1_000_000)]
    [InlineData(true, false, false, 40)]
    [InlineData(true, true, false, 1)]
    [InlineData(true, true, true, 40)]
    [InlineData(true, true, true, 1_000_000)]
    [InlineData(false, false, false, 1_000_000)]
    [InlineData(false, false, false, 40)]
    [InlineData(false, true, true, 25)]
    public void Its_gradients_are_those_of_plain_autograd_over_the_whole_step(bool sparse, bool tied, bool layerwise, int chunkTokens)
    {
        using var scope = NewDisposeScope();
        using LlamaModel model = SmallModel.New(tied: tied);
        IReadOnlyList<TrainedTensor> trained = TrainedTensors.OfWhole(model, freezeHead: false);
        ReadOnlyMemory<int>[] texts = SmallModel.Texts(Queries + Passages, seed: 11);
        double plainLoss = Plain(model, texts, sparse);
        double[][] plain = TakeGradients(trained);

        using var cache = new GradientCache(model, HeadOf(model, sparse), chunkTokens, layerwise);
        Tensor loss = Loss(cache.Encode(texts, dropoutSeed: 1, CancellationToken.None));
        loss.backward();
        cache.Backward(CancellationToken.None);

        Assert.Equal(plainLoss, loss.item<float>(), 1e-4);
        double[][] cached = TakeGradients(trained);
        for (int i = 0; i < trained.Count; i++)
        {
            double largest = plain[i].Max(Math.Abs);
            if (sparse || trained[i].Name != "head")
            {
                Assert.True(largest > 0, $"{trained[i].Name} has no gradient");
            }

            Assert.All(plain[i].Zip(cached[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, largest)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adapters_with_dropout_drop_the_same_on_both_ways_through_a_chunk(bool layerwise)
    {
        // With a wrong mask on the way back the loss would not fall along the gradient as fast as the gradient says.
        using var scope = NewDisposeScope();
        using LlamaModel model = SmallModel.New();
        using var dropout = new SeededDropout(0.3);
        IReadOnlyList<TrainedTensor> trained = TrainedTensors.OfAdapters(model, new LoraRecipe { Rank = 4, Alpha = 8 }, dropout, seed: 3);
        ReadOnlyMemory<int>[] texts = SmallModel.Texts(Queries + Passages, seed: 12);
        using var cache = new GradientCache(model, HeadOf(model, sparse: false), chunkTokens: 50, layerwise, dropout);
        double LossNow()
        {
            using var inner = NewDisposeScope();
            return Loss(cache.Encode(texts, dropoutSeed: 77, CancellationToken.None)).item<float>();
        }

        Tensor loss = Loss(cache.Encode(texts, dropoutSeed: 77, CancellationToken.None));
        loss.backward();
        cache.Backward(CancellationToken.None);
        double squares = 0;
        double[] losses = new double[2];
        foreach ((int at, double step) in new[] { (0, 1e-2), (1, -2e-2) })
        {
            using IDisposable noGrad = no_grad();
            squares = 0;
            foreach (TrainedTensor tensor in trained.Where(tensor => tensor.Name.EndsWith("lora_B", StringComparison.Ordinal)))
            {
                squares += tensor.Value.grad!.square().sum().item<float>();
                tensor.Value.add_(tensor.Value.grad!, step);
            }

            losses[at] = LossNow();
        }

        Assert.InRange((losses[0] - losses[1]) / 2e-2 / squares, 0.97, 1.03);
    }

    [Fact]
    public void Layers_computed_again_give_the_same_gradients_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using LlamaModel model = SmallModel.New();
        IReadOnlyList<TrainedTensor> trained = TrainedTensors.OfWhole(model, freezeHead: false);
        ReadOnlyMemory<int>[] texts = SmallModel.Texts(Queries + Passages, seed: 13);
        double[][] Gradients(bool layerwise)
        {
            using var cache = new GradientCache(model, HeadOf(model, sparse: true), chunkTokens: 60, layerwise);
            Loss(cache.Encode(texts, dropoutSeed: 1, CancellationToken.None)).backward();
            cache.Backward(CancellationToken.None);
            return TakeGradients(trained);
        }

        Assert.All(Gradients(layerwise: false).Zip(Gradients(layerwise: true)), pair => Assert.Equal(pair.First, pair.Second));
    }

    private static TrainedHead HeadOf(LlamaModel model, bool sparse) =>
        sparse ? new TrainedSparseHead(model.Weights.Head, SparseHead.LogitScale(model.Config), isFrozen: false) : new TrainedDenseHead();

    private static Tensor Loss(Tensor representations)
    {
        Tensor queries = representations.narrow(0, 0, Queries);
        Tensor passages = representations.narrow(0, Queries, Passages);
        return InfoNce.Loss(queries, passages, 0.5) + (0.1 * FlopsRegulariser.Loss(passages));
    }

    private static double Plain(LlamaModel model, ReadOnlyMemory<int>[] texts, bool sparse)
    {
        using var batch = TokenBatch.Pack(texts, CPU);
        Tensor hidden = model.Forward(batch);
        Tensor rows = sparse ? SparseHead.WeightsAtOnce(hidden, model.Weights.Head, batch, SparseHead.LogitScale(model.Config)) : DenseHead.Pool(hidden, batch);
        long[] places = new long[texts.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[batch.Order[i]] = i;
        }

        Tensor loss = Loss(rows.index_select(0, tensor(places)));
        loss.backward();
        return loss.item<float>();
    }

    private static double[][] TakeGradients(IReadOnlyList<TrainedTensor> trained) => [.. trained.Select(tensor =>
    {
        using var scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        if (tensor.Value.grad is not { } gradient)
        {
            return [0.0];
        }

        double[] values = [.. gradient.to(ScalarType.Float64).contiguous().data<double>()];
        gradient.zero_();
        return values;
    })];
}
