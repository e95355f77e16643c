using Platform.Silo.Hosting;

namespace Platform.Silo.Tests.Hosting;

public sealed class ClusterOptionsTests
{
    [Fact]
    public void The_defaults_are_sound() => Assert.True(new ClusterOptionsValidator().Validate(null, new ClusterOptions()).Succeeded);

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var options = new ClusterOptions
        {
            Roles = ["index", "cook"],
            Membership = "gossip",
            ClusterId = "Not Valid",
            AdvertisedAddress = "here",
            SiloPort = -1,
            WorkerThreads = 5000,
            ProbeTimeout = TimeSpan.Zero,
        };

        string[] faults = [.. new ClusterOptionsValidator().Validate(null, options).Failures!];

        Assert.All(
            (string[])["Roles", "Membership", "ClusterId", "AdvertisedAddress", "SiloPort", "WorkerThreads", "ProbeTimeout"],
            option => Assert.Single(faults, fault => fault.StartsWith($"Cluster:{option}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_process_that_is_its_own_cluster_needs_every_role() =>
        Assert.True(new ClusterOptionsValidator().Validate(null, new ClusterOptions { Roles = ["index"] }).Failed);
}
