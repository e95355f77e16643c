using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Testing;
using YamlDotNet.RepresentationModel;

namespace Platform.Infra.Tests;

public sealed partial class MonitoringTests
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "infra", "monitoring");

    [Fact]
    public void Dashboard_and_alerts_ask_only_for_what_silos_measure()
    {
        string[] measured = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Platform.Silo"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Instrument.Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value.Replace('.', '_'))];

        string[] asked = [.. Directory.EnumerateFiles(Folder).SelectMany(file => Series.Matches(File.ReadAllText(file))).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

        Assert.NotEmpty(asked);
        Assert.All(asked, series => Assert.Contains(measured, name => Suffix.IsMatch(series) && Suffix.Replace(series, "") == name || series == name));
    }

    [Fact]
    public void Every_panel_of_the_dashboard_has_a_title_a_query_and_a_unit()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")));

        Assert.All(dashboard.RootElement.GetProperty("panels").EnumerateArray(), panel =>
        {
            Assert.NotEqual("", panel.GetProperty("title").GetString());
            Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
            Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.NotEqual("", target.GetProperty("expr").GetString()));
        });
    }

    [Fact]
    public void Every_alert_leads_to_a_section_of_the_runbook()
    {
        string runbook = File.ReadAllText(Path.Combine(Repository.Root, "infra", "RUNBOOK.md"));
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, "alerts.yaml"))));

        Assert.All((YamlSequenceNode)stream.Documents[0].RootNode["groups"][0]["rules"], rule =>
            Assert.Contains($"\n## {(string?)rule["annotations"]["runbook"]}\n", runbook, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(?<name>platform\\.[a-z.]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instrument { get; }

    [GeneratedRegex("platform_[a-z_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Series { get; }

    [GeneratedRegex("(_seconds|_ratio)?(_total|_bucket|_sum|_count)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix { get; }
}
