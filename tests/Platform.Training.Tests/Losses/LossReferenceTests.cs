using System.Text.Json;
using Platform.Training.Losses;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Losses;

public sealed class LossReferenceTests
{
    [Theory]
    [InlineData("info_nce", Objective.Contrastive)]
    [InlineData("info_nce_cold", Objective.Contrastive)]
    [InlineData("info_nce_pairs", Objective.Contrastive)]
    [InlineData("margin_mse", Objective.MarginMse)]
    [InlineData("kl", Objective.KlDivergence)]
    [InlineData("cl_kd", Objective.ContrastiveAndKl)]
    public void A_ranking_loss_and_its_gradients_equal_plain_PyTorch(string name, Objective objective)
    {
        using var scope = NewDisposeScope();
        JsonElement reference = TorchReference.Root.GetProperty("losses").GetProperty(name);
        Tensor queries = TorchReference.Input(reference, "queries");
        Tensor passages = TorchReference.Input(reference, "passages");
        Tensor? teacher = objective.NeedsTeacher() ? TorchReference.Input(reference, "teacher", trained: false) : null;

        Tensor loss = RankingLoss.Of(objective, queries, passages, teacher, reference.GetProperty("temperature").GetDouble(), sameAsPositive: null);
        loss.backward();

        Assert.Equal(reference.GetProperty("loss").GetDouble(), loss.item<double>(), 1e-9);
        JsonElement gradients = reference.GetProperty("gradients");
        TorchReference.AssertClose(TorchReference.Numbers(gradients.GetProperty("queries")), queries.grad!);
        TorchReference.AssertClose(TorchReference.Numbers(gradients.GetProperty("passages")), passages.grad!);
    }

    [Fact]
    public void The_FLOPS_regulariser_and_its_gradient_equal_plain_PyTorch()
    {
        using var scope = NewDisposeScope();
        JsonElement reference = TorchReference.Root.GetProperty("losses").GetProperty("flops");
        Tensor weights = TorchReference.Input(reference, "weights");

        Tensor loss = FlopsRegulariser.Loss(weights);
        loss.backward();

        Assert.Equal(reference.GetProperty("loss").GetDouble(), loss.item<double>(), 1e-9);
        TorchReference.AssertClose(TorchReference.Numbers(reference.GetProperty("gradients").GetProperty("weights")), weights.grad!);
    }

    [Theory]
    [InlineData(Objective.Contrastive)]
    [InlineData(Objective.MarginMse)]
    [InlineData(Objective.KlDivergence)]
    [InlineData(Objective.ContrastiveAndKl)]
    public void A_ranking_loss_has_the_gradient_that_small_steps_measure(Objective objective)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7, CPU);
        int group = objective == Objective.MarginMse ? 2 : 3;
        Tensor queries = randn([3, 4], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        Tensor passages = randn([3 * group, 4], dtype: ScalarType.Float64, generator: generator);
        Tensor teacher = randn([3, group], dtype: ScalarType.Float64, generator: generator);
        double LossAt(Tensor at) => RankingLoss.Of(objective, at, passages, teacher, 0.5, sameAsPositive: null).item<double>();

        RankingLoss.Of(objective, queries, passages, teacher, 0.5, sameAsPositive: null).backward();

        double[] measured = new double[12];
        for (int i = 0; i < measured.Length; i++)
        {
            Tensor step = zeros(12, dtype: ScalarType.Float64);
            step[i] = 1e-6;
            measured[i] = (LossAt(queries.detach() + step.view(3, 4)) - LossAt(queries.detach() - step.view(3, 4))) / 2e-6;
        }

        TorchReference.AssertClose(measured, queries.grad!, 1e-6);
    }

    [Fact]
    public void A_passage_that_is_the_positive_under_another_place_is_no_negative()
    {
        using var scope = NewDisposeScope();
        Tensor queries = tensor(new[,] { { 1.0, 0 }, { 0, 1 } });
        Tensor passages = tensor(new[,] { { 1.0, 0 }, { 1, 0 } });
        Tensor same = tensor(new[,] { { false, true }, { true, false } });

        Assert.Equal(0, InfoNce.Loss(queries, passages, 1, same).item<double>(), 1e-12);
        Assert.NotEqual(0, InfoNce.Loss(queries, passages, 1).item<double>(), 1e-2);
    }
}
