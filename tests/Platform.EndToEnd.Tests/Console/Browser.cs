using Platform.Client;
using Platform.Client.Contracts;
using Microsoft.Playwright;
using Platform.EndToEnd.Tests.Cluster;

namespace Platform.EndToEnd.Tests.Console;

/// <summary>The system's Chromium, and a cluster of three processes with documents, for all tests of one class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _chromium;
    private TestCluster? _cluster;

    /// <summary>The program, or null where it is not installed.</summary>
    public static string? Program { get; } =
        ((string[])["chromium", "chromium-browser", "google-chrome"]).SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>A key of the cluster.</summary>
    public string Key => _cluster!.Key;

    /// <summary>Why a test that needs it can't run here; null if it can.</summary>
    public static string? WhyNot() => Program is null ? "Chromium is not here: install chromium" : RedisFactAttribute.WhyNot();

    /// <summary>Starts cluster and browser, and fills two indexes.</summary>
    public async Task InitializeAsync()
    {
        if (WhyNot() is not null)
        {
            return;
        }

        _cluster = await TestCluster.StartAsync(3);
        using PlatformClient client = _cluster.NewClient();
        await client.CreateIndexAsync(new IndexSpec { Name = "articles", Shards = 4 });
        await client.CreateIndexAsync(new IndexSpec { Name = "empty" });
        await client.IngestAsync("articles", Articles());
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>Opens the console's first page in a fresh profile; everything the browser complains of is noted.</summary>
    internal async Task<ConsolePage> OpenAsync(ColorScheme scheme)
    {
        IBrowserContext profile = await _chromium!.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1200, Height = 800 } });
        return await ConsolePage.OpenAsync(profile, new Uri(_cluster!.Processes[0].Url, "console"));
    }

    /// <summary>Stops both.</summary>
    public async Task DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static async IAsyncEnumerable<BulkItem> Articles()
    {
        foreach (int i in Enumerable.Range(0, 200))
        {
            yield return new BulkItem
            {
                Id = $"article-{i}",
                Title = i % 2 == 0 ? $"Cats, part {i}" : $"Dogs, part {i}",
                Text = i % 2 == 0 ? "Cats sleep for most of the day, and hunt at dusk. <b>Not markup.</b>" : "Dogs guard the house while the cat sleeps.",
            };
        }

        await Task.CompletedTask;
    }
}

/// <summary>A fact that needs Chromium and redis-server, and is reported as skipped where one is missing.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.WhyNot();
}
