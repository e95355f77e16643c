using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>Rotary position embedding in the "rotate half" layout: element i turns with element i + d/2. Su et al. 2021, arXiv:2104.09864.</summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cosine;                           // [positions, 1, d/2]
    private readonly Tensor _sine;                             // [positions, 1, d/2]

    /// <summary>Tables for positions 0 to <paramref name="positions"/> - 1, computed in double precision.</summary>
    public RotaryEmbedding(LlamaConfig config, int positions, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor frequencies = tensor(InverseFrequencies(config), dtype: ScalarType.Float64);
        Tensor angles = outer(arange(positions, dtype: ScalarType.Float64), frequencies).unsqueeze(1);
        _cosine = angles.cos().to(type).to(device).DetachFromDisposeScope();
        _sine = angles.sin().to(type).to(device).DetachFromDisposeScope();
    }

    /// <summary>The angle of each pair a position, in radians; d/2 of them, falling.</summary>
    /// <remarks>llama3 rule: wavelengths up to original/high stay, above original/low are stretched by the factor, and between are blended.</remarks>
    public static double[] InverseFrequencies(LlamaConfig config)
    {
        double[] frequencies = new double[config.HeadDimension / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = Math.Pow(config.RopeTheta, -2.0 * i / config.HeadDimension);
            frequencies[i] = config.Scaling is RopeScaling scaling ? Scale(frequency, scaling) : frequency;
        }

        return frequencies;
    }

    /// <summary>Turns every head by its token's position; what is given is not changed.</summary>
    /// <param name="heads">[tokens, heads, d]</param>
    /// <param name="positions">[tokens], int64</param>
    public Tensor Turn(Tensor heads, Tensor positions)
    {
        using var scope = NewDisposeScope();
        long half = heads.shape[2] / 2;
        Tensor cosine = _cosine.index_select(0, positions);    // [tokens, 1, d/2]
        Tensor sine = _sine.index_select(0, positions);        // [tokens, 1, d/2]
        Tensor low = heads.narrow(2, 0, half);                 // [tokens, heads, d/2]
        Tensor high = heads.narrow(2, half, half);             // [tokens, heads, d/2]
        return cat([(low * cosine).addcmul_(high, sine, -1), (high * cosine).addcmul_(low, sine, 1)], 2).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }

    private static double Scale(double frequency, RopeScaling scaling)
    {
        double turns = scaling.OriginalPositions * frequency / (2 * Math.PI);      // of this pair over the original context
        double blend = Math.Clamp((turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
        return ((1 - blend) * frequency / scaling.Factor) + (blend * frequency);
    }
}
