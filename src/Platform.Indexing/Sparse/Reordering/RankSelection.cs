namespace Platform.Indexing.Sparse;

/// <summary>Selection of the smallest keys without sorting: Hoare's quickselect with a median of three.</summary>
internal static class RankSelection
{
    /// <summary>
    /// Permutes both spans alike, so that every one of the first <paramref name="count"/> items precedes every later one by
    /// (key, item) ascending.
    /// </summary>
    public static void Partition(Span<float> keys, Span<int> items, int count)
    {
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            Order(keys, items, low, middle);
            Order(keys, items, middle, high);
            Order(keys, items, low, middle);
            (float pivotKey, int pivotItem) = (keys[middle], items[middle]);
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (Precedes(keys[i], items[i], pivotKey, pivotItem))
                {
                    i++;
                }

                while (Precedes(pivotKey, pivotItem, keys[j], items[j]))
                {
                    j--;
                }

                if (i <= j)
                {
                    Swap(keys, items, i++, j--);
                }
            }

            if (count <= j)
            {
                high = j;
            }
            else if (count >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }

    private static bool Precedes(float key, int item, float otherKey, int otherItem) =>
        key < otherKey || (key == otherKey && item < otherItem);

    private static void Order(Span<float> keys, Span<int> items, int first, int second)
    {
        if (Precedes(keys[second], items[second], keys[first], items[first]))
        {
            Swap(keys, items, first, second);
        }
    }

    private static void Swap(Span<float> keys, Span<int> items, int first, int second)
    {
        (keys[first], keys[second]) = (keys[second], keys[first]);
        (items[first], items[second]) = (items[second], items[first]);
    }
}
