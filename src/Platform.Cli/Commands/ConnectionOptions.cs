using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;

namespace Platform.Cli.Commands;

/// <summary>How a command reaches a running platform: <c>--url</c> and <c>--key</c>, or their environment variables.</summary>
/// <param name="terminal">Knows the environment.</param>
/// <param name="withoutUrl">What happens without <c>--url</c>, for the manual; null for the variable and the default.</param>
internal sealed class ConnectionOptions(Terminal terminal, string? withoutUrl = null)
{
    /// <summary>Stands in for <c>--url</c>.</summary>
    public const string UrlVariable = "PLATFORM_URL";

    /// <summary>Stands in for <c>--key</c>.</summary>
    public const string KeyVariable = "PLATFORM_API_KEY";

    private const string DefaultUrl = "http://127.0.0.1:8080";

    // A person waits: a service that is not there is reported within a second, one that restarts is waited for a little.
    private const int MaxRetries = 2;

    /// <summary>Where the platform is.</summary>
    public Option<string?> Url { get; } = new("--url")
    {
        HelpName = "URL",
        Description = $"Where the platform serves; several, comma separated, are tried in turn. {withoutUrl ?? $"Without it {UrlVariable}, else {DefaultUrl}."}",
    };

    /// <summary>Who asks.</summary>
    public Option<string?> Key { get; } = new("--key")
    {
        HelpName = "KEY",
        Description = $"The tenant's API key. Without it {KeyVariable}.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(Url);
        command.Add(Key);
    }

    /// <summary>True if the command line names a platform.</summary>
    public bool IsNamed(ParseResult arguments) => arguments.GetValue(Url) is not null;

    /// <summary>A client of the named platform.</summary>
    /// <exception cref="CommandFaultException">The URL or the key is missing or is none.</exception>
    public PlatformClient Open(ParseResult arguments)
    {
        string key = arguments.GetValue(Key) ?? terminal.Environment(KeyVariable) ?? "";
        if (key.Length == 0)
        {
            throw CommandFaultException.Usage(
                $"No API key: give --key or set {KeyVariable}. 'platform serve' prints the first one when it starts on a new data folder.");
        }

        string urls = arguments.GetValue(Url) ?? terminal.Environment(UrlVariable) ?? DefaultUrl;
        var options = new PlatformClientOptions
        {
            Endpoints = [.. Endpoints(urls)],
            ApiKey = key,
            MaxRetries = MaxRetries,
        };
        return options.Faults() is { Count: > 0 } faults
            ? throw CommandFaultException.Usage(string.Join(' ', faults))
            : new PlatformClient(options, time: terminal.Time);
    }

    private static IEnumerable<Uri> Endpoints(string urls)
    {
        foreach (string url in urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint)
                ? endpoint
                : throw CommandFaultException.Usage($"'{url}' is no URL; write it in full, for example {DefaultUrl}.");
        }
    }
}
