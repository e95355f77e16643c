namespace Platform.Training.Data;

/// <summary>The order in which items are used: every epoch all of them, in an order of its own.</summary>
/// <param name="count">Items, 1 or more.</param>
/// <param name="seed">The recipe's.</param>
internal sealed class EpochOrder(int count, long seed)
{
    private long _epoch = -1;
    private int[] _order = [];

    /// <summary>The item that is used at a place of the endless sequence of epochs. Quick while places rise.</summary>
    public int At(long place)
    {
        long epoch = place / count;
        if (epoch != _epoch)
        {
            _order = Of(epoch);
            _epoch = epoch;
        }

        return _order[place % count];
    }

    /// <summary>All items in the order of an epoch.</summary>
    public int[] Of(long epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Seeds.RandomOf(seed, SeedPurpose.Order, epoch).Shuffle(order);
        return order;
    }
}
