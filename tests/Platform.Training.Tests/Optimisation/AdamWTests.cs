using System.Text.Json;
using Platform.Training.Optimisation;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Optimisation;

public sealed class AdamWTests
{
    [Fact]
    public void Every_step_equals_that_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        JsonElement reference = TorchReference.Root.GetProperty("adam_w");
        Tensor value = tensor(TorchReference.Numbers(reference.GetProperty("start"))).reshape(TorchReference.Longs(reference.GetProperty("shape"))).requires_grad_();
        using var optimiser = new AdamW([new TrainedTensor("w", value)], reference.GetProperty("weight_decay").GetDouble());
        int step = 0;
        foreach (JsonElement due in reference.GetProperty("steps").EnumerateArray())
        {
            value.grad = tensor(TorchReference.Numbers(due.GetProperty("gradient"))).view(2, 3);
            optimiser.Step(step++, due.GetProperty("rate").GetDouble());
            TorchReference.AssertClose(TorchReference.Numbers(due.GetProperty("after")), value, 1e-10);
        }
    }

    [Fact]
    public void Clipping_scales_all_gradients_together_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        foreach (JsonElement reference in TorchReference.Root.GetProperty("clipping").EnumerateArray())
        {
            double[][] before = [.. reference.GetProperty("before").EnumerateArray().Select(TorchReference.Numbers)];
            double[][] after = [.. reference.GetProperty("after").EnumerateArray().Select(TorchReference.Numbers)];
            TrainedTensor[] parameters = [.. before.Select((gradient, i) =>
            {
                Tensor value = zeros(gradient.Length, dtype: ScalarType.Float64).requires_grad_();
                value.grad = tensor(gradient);
                return new TrainedTensor($"p{i}", value);
            })];

            Assert.Equal(reference.GetProperty("norm").GetDouble(), GradientClipping.Clip(parameters, reference.GetProperty("limit").GetDouble()), 1e-9);
            Assert.All(after.Zip(parameters), pair => TorchReference.AssertClose(pair.First, pair.Second.Value.grad!));
        }
    }

    [Fact]
    public void Schedule_and_ramp_equal_the_reference()
    {
        JsonElement reference = TorchReference.Root.GetProperty("schedules");
        var schedule = new LinearSchedule(reference.GetProperty("peak").GetDouble(), reference.GetProperty("warmup").GetInt32(), reference.GetProperty("total").GetInt32());
        double[] rates = TorchReference.Numbers(reference.GetProperty("rates"));
        Assert.All(Enumerable.Range(0, rates.Length), step => Assert.Equal(rates[step], schedule.At(step), 1e-12));
        JsonElement ramp = reference.GetProperty("ramp");
        double[] values = TorchReference.Numbers(ramp.GetProperty("values"));
        var rises = new QuadraticRamp(ramp.GetProperty("weight").GetDouble(), ramp.GetProperty("steps").GetInt32());
        Assert.All(Enumerable.Range(0, values.Length), step => Assert.Equal(values[step], rises.At(step), 1e-12));
    }
}
