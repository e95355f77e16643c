using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Platform.Cli.Output;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary>Where models lie: <c>--models</c>, else <c>Encoder:ModelDirectory</c>, the setting of the silo, else <c>models</c> in the platform's data folder.</summary>
internal sealed class ModelsOption(Terminal terminal)
{
    /// <summary>Stands in for <c>--models</c>.</summary>
    public const string DirectoryVariable = "PLATFORM_Encoder__ModelDirectory";

    private const string DataVariable = "PLATFORM_Storage__DataDirectory";
    private const string DefaultData = "platform-data";
    private const string FolderInData = "models";

    /// <summary>The option.</summary>
    public Option<string?> Option { get; } = new("--models")
    {
        HelpName = "DIR",
        Description = $"The folder of models. Without it {DirectoryVariable}, else models in the data folder of 'platform serve'.",
    };

    /// <summary>The store that the command line, the variables or appsettings.json name, in this order.</summary>
    public ModelStore Open(ParseResult arguments)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .Build();
        string data = terminal.Environment(DataVariable) ?? settings["Storage:DataDirectory"] ?? DefaultData;
        string directory = arguments.GetValue(Option) ?? terminal.Environment(DirectoryVariable) ?? settings["Encoder:ModelDirectory"] ?? Path.Combine(data, FolderInData);
        return new ModelStore(directory, terminal.Time, ShippedModels.Folder);
    }
}
