using Platform.Abstractions;
using Platform.Abstractions.Grains;

namespace Platform.Silo.Tests.Grains;

/// <summary>Every grain call is checked against the tenant it acts for, and fails closed.</summary>
public sealed class TenantIsolationTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    public static TheoryData<string, Func<IGrainFactory, Task>> CallsOnAcme => new()
    {
        { "tenant", grains => grains.GetGrain<ITenantGrain>("acme").ListIndexesAsync(default) },
        { "index", grains => grains.GetGrain<IIndexGrain>("acme/docs").GetAsync(default) },
        { "shard", grains => grains.GetGrain<IShardGrain>("acme/docs/1/0").ReportAsync(default) },
        { "ingest", grains => grains.GetGrain<IIngestGrain>("acme/docs").ApplyAsync(new() { Items = [] }, default) },
        { "query", grains => grains.GetGrain<IQueryGrain>("acme/docs").SearchAsync(new() { Text = "x", Top = 1, Deadline = TimeSpan.FromSeconds(5) }, default) },
        { "keys", grains => grains.GetGrain<IKeyGrain>(IKeyGrain.Key).AuthenticateAsync("pk_0_0", default) },
    };

    [Theory]
    [MemberData(nameof(CallsOnAcme))]
    public async Task A_call_for_another_tenant_is_refused(string grain, Func<IGrainFactory, Task> call)
    {
        foreach (string other in (string[])["globex", "acm", "acme2", ""])
        {
            CallContext.ActFor(other);
            var refused = await Assert.ThrowsAsync<PlatformException>(() => call(silo.Grains));
            Assert.True(refused.Kind == FaultKind.Forbidden, $"{grain} for '{other}': {refused.Kind}");
        }
    }

    [Theory]
    [MemberData(nameof(CallsOnAcme))]
    public async Task A_call_for_no_tenant_is_refused(string grain, Func<IGrainFactory, Task> call)
    {
        var refused = await Assert.ThrowsAsync<PlatformException>(() => call(silo.Grains));
        Assert.True(refused.Kind == FaultKind.Forbidden, grain);
    }

    [Fact]
    public async Task The_keys_answer_only_the_platform_itself()
    {
        CallContext.ActFor(CallContext.Platform);
        IKeyGrain keys = silo.Grains.GetGrain<IKeyGrain>(IKeyGrain.Key);
        string key = await keys.IssueAsync("acme", "for a test", default);
        Assert.Equal("acme", await keys.AuthenticateAsync(key, default));
        Assert.Null(await keys.AuthenticateAsync(key + "x", default));
        Assert.Null(await keys.AuthenticateAsync("", default));

        CallContext.ActFor("acme");
        await Assert.ThrowsAsync<PlatformException>(() => keys.IssueAsync("acme", "", default));
    }

    [Theory]
    [InlineData("*platform*")]
    [InlineData("../acme")]
    [InlineData("acme/docs")]
    [InlineData("")]
    public async Task No_key_is_issued_to_a_tenant_whose_name_breaks_the_rule(string tenant)
    {
        CallContext.ActFor(CallContext.Platform);
        var refused = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<IKeyGrain>(IKeyGrain.Key).IssueAsync(tenant, "", default));
        Assert.Equal(FaultKind.Invalid, refused.Kind);
    }
}
