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
    [RedisAndAzuriteFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_over_Azure_blobs()
    {
        using var azurite = new AzuriteServer();
        string connection = await azurite.ConnectAsync();
        var store = new Uri(System.Text.RegularExpressions.Regex.Match(connection, @"http://127\.0\.0\.1:\d+").Value);
        await using var proxy = new StoreProxy(store);
        await using ChaosCluster cluster = await ChaosCluster.StartAsync(
            connection.Replace(store.OriginalString, proxy.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
        await RunAsync(ChaosPlan.Of(inAzure: true), cluster, proxy);
    }

    private async Task RunAsync(ChaosPlan plan, ChaosCluster cluster, StoreProxy? proxy)
    {
        ChaosVerdict verdict = await new ChaosRun(plan, cluster, proxy, output).RunAsync();
        Assert.True(
            verdict.Lost.Count == 0 && verdict.Doubled.Count == 0 && verdict.Phantoms == 0,
            $"seed {plan.Seed}: {verdict.Phantoms} phantoms; {string.Join("; ", verdict.Lost.Take(5))}; {string.Join("; ", verdict.Doubled.Take(5))}");
    }
}
