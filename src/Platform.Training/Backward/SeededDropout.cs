using static TorchSharp.torch;

namespace Platform.Training.Backward;

/// <summary>Dropout of adapters' inputs from a generator of its own: other work of the process, with its own random numbers, can't change it.</summary>
/// <remarks>Srivastava et al. 2014, JMLR 15. One thread at a time.</remarks>
/// <param name="part">The chance of an element to be dropped, above 0 to below 1.</param>
internal sealed class SeededDropout(double part) : IDisposable
{
    private readonly Generator _generator = new(0, CPU);

    /// <summary>From here on draws as any other time after the same seed.</summary>
    public void Seed(long seed) => _generator.manual_seed(seed);

    /// <summary>Drops, and scales up what stays; the caller's scope takes the result.</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor kept = empty(x.shape, dtype: x.dtype, device: x.device).bernoulli_(1 - part, _generator).div_(1 - part);
        return (x * kept).MoveToOuterDisposeScope();
    }

    public void Dispose() => _generator.Dispose();
}
