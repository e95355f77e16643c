using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Platform.EndToEnd.Tests.Console;

/// <summary>The console against a cluster of three processes, as a person uses it: light and dark, by keyboard, without a complaint of the browser.</summary>
public sealed partial class ConsoleTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_page_shows_what_the_cluster_holds_and_passes_the_accessibility_check(ColorScheme scheme)
    {
        await using ConsolePage console = await browser.OpenAsync(scheme);
        IPage page = console.Page;
        await console.AssertSoundAsync("Sign in", $"sign-in-{scheme}");

        await console.SignInAsync(browser.Key);
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = Articles })).ToContainTextAsync("200");
        await console.AssertSoundAsync("Indexes", $"indexes-{scheme}");

        await page.GetByRole(AriaRole.Link, new() { Name = "articles", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(5);
        await console.AssertSoundAsync("articles", $"index-{scheme}");

        await page.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        await Assertions.Expect(page.GetByText("5 shards on")).ToBeVisibleAsync();
        await console.AssertSoundAsync("Cluster", $"cluster-{scheme}");

        await page.GotoAsync(page.Url.Split('#')[0] + "#/search/articles");
        await page.GetByLabel("Query").FillAsync("sleeping cats");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("10 hits from 4 of 4 shards")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = FirstHit })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("<b>Not markup.</b>").First).ToBeVisibleAsync();
        await console.AssertSoundAsync("Search", $"search-{scheme}");
    }

    [BrowserTheory]
    [InlineData("pk_0_0")]
    public async Task A_wrong_key_is_told_and_forgotten(string key)
    {
        await using ConsolePage console = await browser.OpenAsync(ColorScheme.Light);

        await console.SignInAsync(key);

        await Assertions.Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The key is not valid.");
        Assert.Null(await console.Page.EvaluateAsync<string?>("sessionStorage.getItem('platform-key')"));
    }

    [GeneratedRegex("^articles", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Articles { get; }

    [GeneratedRegex("^1\\. Cats, part", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstHit { get; }
}
