using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Platform.EndToEnd.Tests.Console;

/// <summary>The console in one tab.</summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private readonly IBrowserContext _profile;
    private readonly List<string> _complaints = [];

    private ConsolePage(IBrowserContext profile, IPage page)
    {
        (_profile, Page) = (profile, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    /// <summary>The tab.</summary>
    public IPage Page { get; }

    public static async Task<ConsolePage> OpenAsync(IBrowserContext profile, Uri address)
    {
        var console = new ConsolePage(profile, await profile.NewPageAsync());
        await console.Page.GotoAsync(address.ToString());
        return console;
    }

    /// <summary>Signs in, by keyboard alone.</summary>
    public async Task SignInAsync(string key)
    {
        await Page.GetByLabel("API key").FillAsync(key);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Waits for a page's heading, keeps a screenshot where one is wanted, and checks what the page is held to.</summary>
    public async Task AssertSoundAsync(string heading, string screenshot)
    {
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();
        if (Environment.GetEnvironmentVariable("PLATFORM_TEST_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{screenshot}.png"), FullPage = true });
        }

        AxeResult accessibility = await Page.RunAxe();
        Assert.Empty(accessibility.Violations.Select(violation => $"{violation.Id}: {violation.Help} at {string.Join(' ', violation.Nodes.Select(node => node.Html))}"));
        Assert.Empty(_complaints);
    }

    public ValueTask DisposeAsync() => _profile.DisposeAsync();
}
