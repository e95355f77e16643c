using System.Net;
using Microsoft.Extensions.Options;
using Platform.Abstractions;

namespace Platform.Silo.Hosting;

/// <summary>How this process takes part in a cluster. Section <c>Cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Cluster";

    /// <summary>What this process does: any of <c>gateway</c>, <c>index</c>, <c>encoder</c>, <c>trainer</c>. Default: all.</summary>
    public IList<string> Roles { get; set; } = [];

    /// <summary><c>local</c>: this process is the whole cluster (default); <c>redis</c>: processes find one another through Redis.</summary>
    public string Membership { get; set; } = "local";

    /// <summary>Redis as <c>host:port</c> or a StackExchange.Redis configuration string; only with membership <c>redis</c>.</summary>
    public string? Redis { get; set; }

    /// <summary>
    /// The object id of the managed identity that Redis knows; its tokens (Azure.Identity's default chain) are then the password.
    /// Null (default): only what <see cref="Redis"/> says.
    /// </summary>
    public string? RedisUser { get; set; }

    /// <summary><c>machine</c> (default), or <c>kubernetes</c>: name and address are the pod's (<c>POD_NAME</c>, <c>POD_IP</c>), and a silo whose pod is gone is dead.</summary>
    public string Hosting { get; set; } = "machine";

    /// <summary>Processes of one id form one cluster. Default <c>platform</c>.</summary>
    public string ClusterId { get; set; } = "platform";

    /// <summary>The address that other silos reach this one at. Default loopback.</summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos; 0 (default) takes a free one. With a fixed one a restarted silo takes the place of its dead predecessor at once.</summary>
    public int SiloPort { get; set; }

    /// <summary>The port for Orleans clients; 0 (default) takes a free one.</summary>
    public int SiloGatewayPort { get; set; }

    /// <summary>How often a silo is probed, and how long an answer may take. Default 500 ms; two misses declare it dead.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopping silo may take to hand over. Default 20 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Threads for searching and encoding; 0 (default) takes one less than the processors, at least 1, so that probes are answered.</summary>
    public int WorkerThreads { get; set; }

    /// <summary>Work items that wait for a worker; one more is refused as busy. Default 4,096.</summary>
    public int MaxQueuedWork { get; set; } = 4096;

    /// <summary>Queries that this silo runs at a time; the others wait, tenants in turn. Default 64.</summary>
    public int MaxQueriesInFlight { get; set; } = 64;

    /// <summary>Queries that wait for their turn, half of them of one tenant at most; one more is refused. Default 1,024.</summary>
    public int MaxWaitingQueries { get; set; } = 1024;
}

/// <summary>Reports every fault of <see cref="ClusterOptions"/> at once.</summary>
internal sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        List<string> faults = [];
        foreach (string role in options.Roles.Where(role => !Role.All.Contains(role)))
        {
            faults.Add($"Cluster:Roles has '{role}'; roles are {string.Join(", ", Role.All)}.");
        }

        if (options.Membership is not ("local" or "redis"))
        {
            faults.Add($"Cluster:Membership is '{options.Membership}'; it must be local or redis.");
        }

        if (options.Membership == "redis" && string.IsNullOrWhiteSpace(options.Redis))
        {
            faults.Add("Cluster:Redis is missing; membership redis needs it, for example localhost:6379.");
        }

        if (options.Hosting is not ("machine" or "kubernetes"))
        {
            faults.Add($"Cluster:Hosting is '{options.Hosting}'; it must be machine or kubernetes.");
        }

        if (options.Hosting == "kubernetes" && !IPAddress.TryParse(Environment.GetEnvironmentVariable("POD_IP"), out _))
        {
            faults.Add("POD_IP is no IP address; Cluster:Hosting kubernetes needs it, with POD_NAME and POD_NAMESPACE, from the pod's fields (infra/k8s/base/silo.yaml).");
        }

        if (options.Membership == "local" && options.Roles.Count > 0 && !Role.All.All(options.Roles.Contains))
        {
            faults.Add($"Cluster:Roles is {string.Join(",", options.Roles)}; a process with membership local is the whole cluster and needs every role.");
        }

        if (!Names.IsValid(options.ClusterId))
        {
            faults.Add($"Cluster:ClusterId is '{options.ClusterId}'; it must be {Names.Rule}.");
        }

        if (!IPAddress.TryParse(options.AdvertisedAddress, out _))
        {
            faults.Add($"Cluster:AdvertisedAddress is '{options.AdvertisedAddress}'; it must be an IP address.");
        }

        CheckRange(faults, "SiloPort", options.SiloPort, 0, 65_535);
        CheckRange(faults, "SiloGatewayPort", options.SiloGatewayPort, 0, 65_535);
        CheckRange(faults, "WorkerThreads", options.WorkerThreads, 0, 1024);
        CheckRange(faults, "MaxQueuedWork", options.MaxQueuedWork, 1, 1_000_000);
        CheckRange(faults, "MaxQueriesInFlight", options.MaxQueriesInFlight, 1, 1_000_000);
        CheckRange(faults, "MaxWaitingQueries", options.MaxWaitingQueries, 1, 1_000_000);
        CheckRange(faults, "ProbeTimeout in milliseconds", options.ProbeTimeout.TotalMilliseconds, 100, 60_000);
        CheckRange(faults, "DrainTimeout in seconds", options.DrainTimeout.TotalSeconds, 1, 600);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckRange(List<string> faults, string what, double value, double lowest, double highest)
    {
        if (value < lowest || value > highest)
        {
            faults.Add($"Cluster:{what} is {value}; it must be {lowest} to {highest}.");
        }
    }
}
