using static TorchSharp.torch;

namespace Platform.Training.Optimisation;

/// <summary>Adam with decoupled weight decay. Loshchilov and Hutter 2019, arXiv:1711.05101; the arithmetic is that of PyTorch's AdamW.</summary>
/// <remarks>Its whole state is two moments a parameter and the step count, so that a run can be stopped and go on to the same bits.</remarks>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<TrainedTensor> _parameters;
    private readonly double _weightDecay;

    /// <param name="parameters">What is trained; their owner disposes them.</param>
    /// <param name="weightDecay">Share of a weight that a step of rate 1 takes away; matrices only, never norms.</param>
    public AdamW(IReadOnlyList<TrainedTensor> parameters, double weightDecay)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        using IDisposable noGrad = no_grad();
        FirstMoments = [.. parameters.Select(parameter => zeros_like(parameter.Value).DetachFromDisposeScope())];
        SecondMoments = [.. parameters.Select(parameter => zeros_like(parameter.Value).DetachFromDisposeScope())];
    }

    /// <summary>Means of gradients, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> FirstMoments { get; }

    /// <summary>Means of squared gradients, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> SecondMoments { get; }

    /// <summary>Changes every parameter by its gradient, and forgets the gradients. A parameter without one stays.</summary>
    /// <param name="step">The steps before this one.</param>
    /// <param name="learningRate">Of this step.</param>
    public void Step(int step, double learningRate)
    {
        using IDisposable noGrad = no_grad();
        double correction1 = 1 - Math.Pow(Beta1, step + 1);
        double correction2 = Math.Sqrt(1 - Math.Pow(Beta2, step + 1));
        for (int i = 0; i < _parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            Tensor value = _parameters[i].Value;
            if (value.grad is not { } gradient)
            {
                continue;
            }

            if (_weightDecay > 0 && value.dim() > 1)
            {
                value.mul_(1 - (learningRate * _weightDecay));
            }

            FirstMoments[i].mul_(Beta1).add_(gradient, 1 - Beta1);
            SecondMoments[i].mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            Tensor denominator = SecondMoments[i].sqrt().div_(correction2).add_(Epsilon);
            value.addcdiv_(FirstMoments[i], denominator, -learningRate / correction1);
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        foreach (Tensor moment in FirstMoments.Concat(SecondMoments))
        {
            moment.Dispose();
        }
    }
}
