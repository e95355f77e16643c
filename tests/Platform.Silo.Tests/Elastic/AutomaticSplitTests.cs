using Platform.Abstractions;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Elastic;

/// <summary>What the balancer does without being asked; moves between processes are tested with real ones.</summary>
public sealed class AutomaticSplitTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly RunningSilo _silo = new();

    public Task InitializeAsync()
    {
        _silo.Configuration["Elastic:SplitAtBytes"] = "1048576";
        _silo.Configuration["Elastic:BalanceInterval"] = "00:00:00.1";
        return _silo.InitializeAsync();
    }

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_shard_that_grows_beyond_the_limit_is_split_by_itself_and_keeps_every_document()
    {
        await _silo.CreateAsync("grown", 1);
        var index = new IndexDriver(_silo, "grown");
        string filler = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"filler{i}"));
        for (int batch = 0; batch < 15; batch++)
        {
            await index.ApplyAsync([.. Enumerable.Range(0, 50).Select(i => IndexDriver.Upsert($"d{batch}x{i}", $"common {filler}"))]);
        }

        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        ShardMap map;
        do
        {
            await timer.WaitForNextTickAsync(limit.Token);
            CallContext.ActFor("acme");
            map = (await index.Index.GetAsync(limit.Token))!.Shards;
        }
        while (map.Ranges.Length < 2);

        Assert.Equal(IndexOperationState.Done, (await index.EndAsync()).State);
        await index.AssertHoldsAsync();
    }
}
