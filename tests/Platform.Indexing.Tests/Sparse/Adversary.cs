namespace Platform.Indexing.Tests.Sparse;

/// <summary>Collections, queries and deletes that break shortcuts.</summary>
internal static class Adversary
{
    /// <summary>0 equal impacts, 1 one huge document, 2 empty documents, 3 terms everywhere, 4 huge term ids, 5 one document,
    /// 6 none, 7 one block, 8 more than a window, 9 random.</summary>
    public static Corpus Make(int shape, Random random)
    {
        int count = shape switch { 5 => 1, 6 => 0, 7 => 64, 8 => 17_000, _ => random.Next(2, 700) };
        var documents = new (int[] Terms, byte[] Impacts)[count];
        for (int i = 0; i < count; i++)
        {
            int most = shape == 8 ? 4 : 12;
            int length = shape switch { 1 when i == count / 2 => 60, 2 when random.Next(2) == 0 => 0, 3 => 20, _ => random.Next(0, most) };
            HashSet<int> terms = shape == 3 ? [.. Enumerable.Range(0, 20)] : [];
            while (terms.Count < length)
            {
                terms.Add(Term(shape, random, length));
            }

            documents[i] = ([.. terms.Order()], [.. terms.Select(_ => Impact(shape, random))]);
        }

        int[] ranks = [.. Enumerable.Range(0, count)];
        random.Shuffle(ranks);
        return new Corpus { Documents = documents, KeyRanks = random.Next(2) == 0 ? [] : ranks };
    }

    public static (int[] Terms, int[] Impacts) Query(int shape, Random random)
    {
        int length = random.Next(0, 12);
        int[] terms = new int[length];
        int[] impacts = new int[length];
        bool signed = random.Next(5) == 0;
        int largest = random.Next(2) == 0 ? 24 : 255;
        for (int i = 0; i < length; i++)
        {
            terms[i] = Term(shape, random, 60);
            impacts[i] = random.Next(signed ? -largest : 0, largest + 1);
        }

        return (terms, impacts);
    }

    public static ulong[] Deletes(int count, Random random)
    {
        ulong[] deleted = new ulong[random.Next(2) == 0 ? (count + 63) / 64 : random.Next(0, (count / 64) + 1)];
        int pattern = random.Next(4);
        for (int i = 0; i < deleted.Length; i++)
        {
            deleted[i] = pattern switch
            {
                0 => 0,
                1 => ulong.MaxValue,
                2 => 0x5555_5555_5555_5555,
                _ => (ulong)random.NextInt64() & (ulong)random.NextInt64(),
            };
        }

        return deleted;
    }

    private static int Term(int shape, Random random, int length) =>
        shape == 4 ? int.MaxValue - random.Next(20) : random.Next(length > 12 ? 80 : 25);

    private static byte Impact(int shape, Random random) => shape switch
    {
        0 => 7,
        1 => (byte)random.Next(200, 256),
        _ => (byte)random.Next(1, random.Next(2) == 0 ? 3 : 256),
    };
}
