using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>A small seeded random stream: xoshiro256++ (Blackman and Vigna 2021, doi:10.1145/3460772).</summary>
/// <remarks>
/// A value type, so that each generated document owns a stream derived from (seed, document) and documents can be made in any
/// order and on any thread with the same result. <see cref="System.Random"/> with a seed costs an allocation a document.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct Xoshiro
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts the stream numbered <paramref name="stream"/> of a seed.</summary>
    public Xoshiro(ulong seed, ulong stream)
    {
        ulong state = unchecked((seed * 0x9E3779B97F4A7C15) ^ (stream + 0x632BE59BD9B4E019));
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>The next 64 uniform bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_a + _d, 23) + _a;
            ulong shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = BitOperations.RotateLeft(_d, 45);
            return result;
        }
    }

    /// <summary>A uniform number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform integer in [0, <paramref name="limit"/>).</summary>
    public int NextInt(int limit) => (int)(((UInt128)NextBits() * (ulong)limit) >> 64);

    /// <summary>A standard normal number, by Box and Muller's transform.</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
