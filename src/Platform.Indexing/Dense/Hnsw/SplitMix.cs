namespace Platform.Indexing.Dense;

/// <summary>A hash for seeded choices that need no generator. Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195.</summary>
internal static class SplitMix
{
    /// <summary>64 well-mixed bits of a seed and a number.</summary>
    public static ulong Hash(ulong seed, ulong number)
    {
        ulong z = seed + ((number + 1) * 0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>The numbers 0 to count - 1 in an order that the seed gives.</summary>
    public static int[] Order(ulong seed, int count)
    {
        ulong[] keys = new ulong[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = Hash(seed, (ulong)i);
            order[i] = i;
        }

        Array.Sort(keys, order);
        return order;
    }
}
