using System.CommandLine;
using System.Text.Json;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary>Filters as a person or a script gives them on a command line.</summary>
internal static class FilterText
{
    /// <summary>The option.</summary>
    public static Option<string?> NewOption(string description) => new("--filter") { HelpName = "JSON", Description = description };

    /// <summary>Reads a filter; null for none. Whether its fields are declared, the platform says.</summary>
    /// <exception cref="CommandFaultException">It is no filter.</exception>
    public static Filter? Parse(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            Filter filter = JsonSerializer.Deserialize(json, PlatformJson.Default.Filter) ?? throw new JsonException("it is null");
            return filter == new Filter()
                ? throw new JsonException("it has none of and, or, not, eq, in, range, exists and prefix")
                : filter;
        }
        catch (JsonException e)
        {
            throw CommandFaultException.Usage($"--filter is not a filter: {e.Message}. For example: {{\"eq\": {{\"lang\": \"en\"}}}}.");
        }
    }
}
