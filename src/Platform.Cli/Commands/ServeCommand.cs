using System.CommandLine;
using Platform.Cli.Hosting;
using Platform.Cli.Output;

namespace Platform.Cli.Commands;

/// <summary><c>platform serve</c></summary>
internal sealed class ServeCommand : CliCommand
{
    /// <summary>Where a platform serves unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    private const string DefaultData = "./platform-data";
    private const StringSplitOptions ListOfWords = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private readonly Terminal _terminal;
    private readonly Option<string?> _roles = new("--roles")
    {
        HelpName = "LIST",
        Description = "What this process does, comma separated, of gateway, index, encoder, trainer. Without it, everything.",
    };

    private readonly Option<string> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Where the data lie; processes of one cluster share it.",
        DefaultValueFactory = _ => DefaultData,
    };

    private readonly Option<string?> _storage = new("--storage")
    {
        HelpName = "KIND",
        Description = "Where shards and state lie: files (in --data, as without the option) or azure.",
    };

    private readonly Option<string?> _azureConnection = new("--azure-connection")
    {
        HelpName = "VARIABLE",
        Description = "The environment variable with the storage account's connection string; a secret has no place on a command line.",
    };

    private readonly Option<string?> _azureAccountUrl = new("--azure-account-url")
    {
        HelpName = "URL",
        Description = "The storage account's blob endpoint, for the managed identity that the process runs under.",
    };

    private readonly Option<string?> _azureContainer = new("--azure-container")
    {
        HelpName = "NAME",
        Description = "The container, made if it is not there. Without it, platform.",
    };

    private readonly Option<string> _url = new("--url")
    {
        HelpName = "URL",
        Description = "Where to serve HTTP; port 0 takes a free one.",
        DefaultValueFactory = _ => DefaultUrl,
    };

    private readonly Option<string?> _membership = new("--membership")
    {
        HelpName = "KIND",
        Description = "How processes find each other: local (this one is alone, as without the option) or redis.",
    };

    private readonly Option<string?> _redis = new("--redis")
    {
        HelpName = "HOST:PORT",
        Description = "The Redis of --membership redis.",
    };

    private readonly Option<string?> _clusterId = new("--cluster-id")
    {
        HelpName = "ID",
        Description = "Processes of one id form one cluster. Without it, platform.",
    };

    private readonly Option<int?> _siloPort = new("--silo-port")
    {
        HelpName = "PORT",
        Description = "The port for the cluster's other processes. Without it, a free one.",
    };

    private readonly Option<int?> _siloGatewayPort = new("--silo-gateway-port")
    {
        HelpName = "PORT",
        Description = "The port for Orleans clients. Without it, a free one.",
    };

    private readonly Option<string?> _newKey = new("--new-key")
    {
        HelpName = "TENANT",
        Description = "Make one more API key for a tenant and print it.",
    };

    public ServeCommand(Terminal terminal)
        : base("serve", "start one process of the platform")
    {
        _terminal = terminal;
        Details =
        [
            "Starts the platform in this process and serves until Ctrl-C or SIGTERM; then it finishes what is under way and exits with "
            + "status 0. Alone it needs nothing else: no database, no service. The first start on a data folder makes an API key and "
            + "prints it once; only its hash is kept.",
            "Several processes form a cluster through Redis. Whatever the options do not say comes from variables that begin with "
            + "PLATFORM_ (PLATFORM_Storage__DataDirectory), then from appsettings.json. What is wrong with them is told at once, all of it.",
            "With --storage azure, all data lie in one container; a cluster then needs no shared folder, and --data holds only copies of "
            + "segments and the models. The connection string may also stand in PLATFORM_Storage__AzureConnection.",
        ];
        Examples =
        [
            new("platform serve", "Start alone, with the data in ./platform-data"),
            new("platform serve --data /var/lib/platform --url http://0.0.0.0:8080", "Serve other machines"),
            new("platform serve --new-key default", "Make another key, if the first is lost"),
            new(
                "platform serve --membership redis --redis localhost:6379 --data /mnt/shared --url http://127.0.0.1:8081",
                "Start one process of a cluster"),
            new("platform serve --storage azure --azure-connection AZURE_STORAGE_CONNECTION_STRING", "Keep the data in Azure, by a connection string"),
            new("platform serve --storage azure --azure-account-url https://account.blob.core.windows.net", "Keep them there, by a managed identity"),
        ];
        Option[] options = [_roles, _data, _storage, _azureConnection, _azureAccountUrl, _azureContainer, _url, _membership, _redis, _clusterId, _siloPort, _siloGatewayPort, _newKey];
        foreach (Option option in options)
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using RunningPlatform platform = await PlatformHost.StartAsync(SettingsOf(arguments), cancellationToken);
        _terminal.Print($"Serving on {Address(platform.Url)}; data in {platform.Store}.");
        if (platform.FirstKey is { } key)
        {
            Tell("The first key of tenant 'default', shown this once", key);
        }

        if (arguments.GetValue(_newKey) is { } tenant)
        {
            string issued = await platform.IssueKeyAsync(tenant, "command line", cancellationToken);
            Tell($"A new key of tenant '{tenant}', shown this once", issued);
        }

        _terminal.Print("Ctrl-C stops it in good order.");
        await platform.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Ok;
    }

    private void Tell(string what, string key)
    {
        _terminal.Print($"{what}:");
        _terminal.Print("");
        _terminal.Print($"  export {ConnectionOptions.KeyVariable}={key}");
        _terminal.Print("");
    }

    private ServeSettings SettingsOf(ParseResult arguments) => new()
    {
        Roles = arguments.GetValue(_roles)?.Split(',', ListOfWords) ?? [],

        // Only what was said goes before variables and files.
        DataDirectory = arguments.GetResult(_data) is { Implicit: false } ? arguments.GetValue(_data) : null,
        Storage = arguments.GetValue(_storage),
        AzureConnection = arguments.GetValue(_azureConnection) is { } variable ? ConnectionOf(variable) : null,
        AzureAccountUrl = arguments.GetValue(_azureAccountUrl),
        AzureContainer = arguments.GetValue(_azureContainer),
        Url = arguments.GetRequiredValue(_url),
        Membership = arguments.GetValue(_membership),
        Redis = arguments.GetValue(_redis),
        ClusterId = arguments.GetValue(_clusterId),
        SiloPort = arguments.GetValue(_siloPort),
        SiloGatewayPort = arguments.GetValue(_siloGatewayPort),
    };

    private string ConnectionOf(string variable) => _terminal.Environment(variable) is { Length: > 0 } connection
        ? connection
        : throw CommandFaultException.Usage(
            $"--azure-connection names an environment variable{(variable.Contains('=') ? ", not the connection string itself" : $", and '{variable}' is not set")}. "
            + "Set one to the connection string, and give its name.");

    /// <summary>The URL without the slash at its end.</summary>
    internal static string Address(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
