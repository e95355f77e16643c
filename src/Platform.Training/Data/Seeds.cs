namespace Platform.Training.Data;

/// <summary>Random numbers that depend on a purpose and a place alone, so that a run can go on from any step as if it had never stopped.</summary>
internal static class Seeds
{
    /// <summary>A generator of its own for one purpose and place.</summary>
    /// <param name="seed">The recipe's.</param>
    /// <param name="purpose">What it decides.</param>
    /// <param name="place">Which of them, for example the epoch or the step.</param>
    public static Random RandomOf(long seed, SeedPurpose purpose, long place) => new((int)(Mix(seed, purpose, place) & int.MaxValue));

    /// <summary>63 bits that look random. Steele et al. 2014, doi:10.1145/2714064.2660195 (SplitMix64).</summary>
    public static long Mix(long seed, SeedPurpose purpose, long place)
    {
        unchecked
        {
            ulong state = ((ulong)seed * 0x9E3779B97F4A7C15UL) + ((ulong)purpose * 0xBF58476D1CE4E5B9UL) + ((ulong)place * 0x94D049BB133111EBUL);
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            return (long)((state ^ (state >> 31)) >> 1);
        }
    }
}

/// <summary>What random numbers decide.</summary>
internal enum SeedPurpose
{
    Weights = 1,
    Order,
    Passages,
    Masks,
    Dropout,
}
