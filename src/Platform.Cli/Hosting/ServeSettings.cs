namespace Platform.Cli.Hosting;

/// <summary>What a command line says about a process to start; the rest comes from appsettings.json and <c>PLATFORM_</c> variables.</summary>
internal sealed record ServeSettings
{
    /// <summary>What the process does; empty for everything.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Where its data lie; several processes of one cluster share it.</summary>
    public string? DataDirectory { get; init; }

    /// <summary><c>files</c> or <c>azure</c>.</summary>
    public string? Storage { get; init; }

    /// <summary>The connection string of a storage account.</summary>
    public string? AzureConnection { get; init; }

    /// <summary>The blob endpoint of a storage account, for a managed identity.</summary>
    public string? AzureAccountUrl { get; init; }

    /// <summary>The container in that account.</summary>
    public string? AzureContainer { get; init; }

    /// <summary>Where it serves HTTP; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary><c>local</c> or <c>redis</c>.</summary>
    public string? Membership { get; init; }

    /// <summary>Redis as <c>host:port</c>.</summary>
    public string? Redis { get; init; }

    /// <summary>Processes of one id form one cluster.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The port for other silos.</summary>
    public int? SiloPort { get; init; }

    /// <summary>The port for Orleans clients.</summary>
    public int? SiloGatewayPort { get; init; }

    /// <summary>Log warnings only: the process is embedded in a command.</summary>
    public bool Quiet { get; init; }

    /// <summary>Any further configuration, by key.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>();
}
