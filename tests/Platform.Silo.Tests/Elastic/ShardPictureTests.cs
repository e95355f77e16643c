using System.Net;
using Platform.Silo.Elastic;

namespace Platform.Silo.Tests.Elastic;

public sealed class ShardPictureTests
{
    private static readonly SiloAddress[] Silos = [.. Enumerable.Range(1, 3).Select(i => SiloAddress.New(IPAddress.Loopback, 1000 + i, i))];

    [Fact]
    public void Activations_go_where_least_is_and_count_there_until_the_next_look()
    {
        var picture = new ShardPicture();
        picture.Update([Shard("a", 0, 30), Shard("b", 1, 10), Shard("c", 2, 20)], leaving: []);
        Assert.Equal([Silos[1], Silos[2], Silos[0]], [.. Enumerable.Range(0, 3).Select(_ => picture.Choose(Silos))]);
    }

    [Fact]
    public void A_silo_that_leaves_gets_nothing_while_another_stays()
    {
        var picture = new ShardPicture();
        picture.Update([Shard("a", 0, 30), Shard("b", 1, 10)], leaving: [Silos[2].Endpoint.ToString()]);
        Assert.Equal(Silos[1], picture.Choose(Silos));
        Assert.Equal(Silos[2], picture.Choose([Silos[2]]));
    }

    private static PlacedShard Shard(string key, int silo, long bytes) => new(key, Silos[silo].Endpoint.ToString(), bytes, 0);
}
