using Platform.Cli.Commands;
using Platform.Cli.Commands.Evaluating;

namespace Platform.Cli.Tests.Fakes;

/// <summary>A real platform in this process, shared by the tests of one collection, which run one after another.</summary>
public sealed class LivePlatform : IAsyncLifetime
{
    private EmbeddedPlatform _platform = null!;

    internal string Url => _platform.Url.ToString();

    internal string Key => _platform.Key;

    /// <summary>Where it looks for models.</summary>
    internal string ModelDirectory => Path.Combine(_platform.DataDirectory, "models");

    public async Task InitializeAsync() =>
        _platform = await EmbeddedPlatform.StartAsync(dataDirectory: null, url: null, CancellationToken.None);

    public Task DisposeAsync() => _platform.DisposeAsync().AsTask();

    /// <summary>A terminal whose environment names this platform.</summary>
    internal TestTerminal NewTerminal() => new()
    {
        Environment = { [ConnectionOptions.UrlVariable] = Url, [ConnectionOptions.KeyVariable] = Key },
    };
}

/// <summary>The tests that start or use a real platform.</summary>
[CollectionDefinition(Name)]
public sealed class LiveTests : ICollectionFixture<LivePlatform>
{
    public const string Name = "live platform";
}
