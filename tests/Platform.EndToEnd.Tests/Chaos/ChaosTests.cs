using Platform.EndToEnd.Tests.Cluster;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>
/// Faults by seed against a model of every acknowledgement. Short by default;
/// <c>PLATFORM_CHAOS=kill:30</c>, <c>PLATFORM_CHAOS_SEED</c> and <c>PLATFORM_CHAOS_DOCUMENTS</c> make it long.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [RedisFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_over_files()
    {
        await using ChaosCluster cluster = await ChaosCluster.StartAsync(connection: null);
        await RunAsync(ChaosPlan.Of(inAzure: false), cluster);
    }

    [RedisAndAzuriteFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_over_Azure_blobs()
    {
        using var azurite = new AzuriteServer();
        await using ChaosCluster cluster = await ChaosCluster.StartAsync(await azurite.ConnectAsync());
        await RunAsync(ChaosPlan.Of(inAzure: true), cluster);
    }

    private async Task RunAsync(ChaosPlan plan, ChaosCluster cluster)
    {
        ChaosVerdict verdict = await new ChaosRun(plan, cluster, output).RunAsync();
        Assert.True(
            verdict.Lost.Count == 0 && verdict.Doubled.Count == 0 && verdict.Phantoms == 0,
            $"seed {plan.Seed}: {verdict.Phantoms} phantoms; {string.Join("; ", verdict.Lost.Take(5))}; {string.Join("; ", verdict.Doubled.Take(5))}");
    }
}
