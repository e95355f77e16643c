using System.Text.RegularExpressions;
using Platform.Testing;
using YamlDotNet.RepresentationModel;

namespace Platform.Infra.Tests;

/// <summary>azure.yaml, as azd reads it.</summary>
internal sealed partial class AzureYaml
{
    private readonly YamlMappingNode _root;

    private AzureYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        _root = (YamlMappingNode)stream.Documents[0].RootNode;
        Variables = [.. Variable.Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Variables that azd sets, or a user by <c>azd env set</c>, and no output of the template.</summary>
    public static IReadOnlyList<string> OfAzdItself { get; } = ["SERVICE_PLATFORM_IMAGE_NAME", "PLATFORM_TORCH_BACKEND"];

    /// <summary>Every variable that the file uses.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>The service's folder.</summary>
    public string Project => Path.Combine(Repository.Root, Scalar("services", "platform", "project"));

    /// <summary>What azd writes into the overlay's .env.</summary>
    public IReadOnlyList<string> SettingNames =>
        [.. ((YamlMappingNode)Node("services", "platform", "k8s", "kustomize", "env")).Children.Keys.Select(key => ((YamlScalarNode)key).Value!)];

    /// <summary>Reads the checkout's file.</summary>
    public static AzureYaml Load() => new(File.ReadAllText(Path.Combine(Repository.Root, "azure.yaml")));

    /// <summary>The text at a place.</summary>
    public string Scalar(params string[] keys) => ((YamlScalarNode)Node(keys)).Value!;

    private YamlNode Node(params string[] keys) => keys.Aggregate((YamlNode)_root, (node, key) => node[key]);

    [GeneratedRegex(@"\$\{(?<name>\w+)(=[^}]*)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable { get; }
}
