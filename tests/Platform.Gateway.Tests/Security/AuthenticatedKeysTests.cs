using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Gateway.Hosting;
using Platform.Gateway.Security;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Security;

public sealed class AuthenticatedKeysTests
{
    private readonly InMemoryGrains _grains = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_valid_key_is_asked_for_once_in_its_lifetime()
    {
        AuthenticatedKeys keys = Keys();
        Assert.Equal("acme", await keys.FindTenantAsync(InMemoryGrains.AcmeKey, CancellationToken.None));
        _time.Now += TimeSpan.FromSeconds(29);
        Assert.Equal("acme", await keys.FindTenantAsync(InMemoryGrains.AcmeKey, CancellationToken.None));
        Assert.Equal(1, _grains.Authentications);
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("acme", await keys.FindTenantAsync(InMemoryGrains.AcmeKey, CancellationToken.None));
        Assert.Equal(2, _grains.Authentications);
    }

    [Fact]
    public async Task A_revoked_key_stops_working_when_its_lifetime_ends()
    {
        AuthenticatedKeys keys = Keys();
        await keys.FindTenantAsync(InMemoryGrains.AcmeKey, CancellationToken.None);
        _grains.Keys.Clear();
        _time.Now += TimeSpan.FromSeconds(31);
        Assert.Null(await keys.FindTenantAsync(InMemoryGrains.AcmeKey, CancellationToken.None));
    }

    [Fact]
    public async Task An_unknown_key_that_becomes_known_works_at_once()
    {
        AuthenticatedKeys keys = Keys();
        Assert.Null(await keys.FindTenantAsync("new-key", CancellationToken.None));
        _grains.Keys["new-key"] = "initech";
        Assert.Equal("initech", await keys.FindTenantAsync("new-key", CancellationToken.None));
    }

    [Fact]
    public async Task More_keys_than_fit_are_all_still_found()
    {
        AuthenticatedKeys keys = Keys();
        for (int i = 0; i < AuthenticatedKeys.Capacity + 10; i++)
        {
            _grains.Keys[$"key-{i}"] = $"tenant-{i}";
            Assert.Equal($"tenant-{i}", await keys.FindTenantAsync($"key-{i}", CancellationToken.None));
        }

        Assert.Equal("tenant-0", await keys.FindTenantAsync("key-0", CancellationToken.None));
    }

    [Fact]
    public async Task An_over_long_key_is_refused_without_asking()
    {
        Assert.Null(await Keys().FindTenantAsync(new string('k', 257), CancellationToken.None));
        Assert.Equal(0, _grains.Authentications);
    }

    [Fact]
    public async Task The_caller_keeps_its_own_identity()
    {
        CallContext.ActFor("initech");
        await Keys().FindTenantAsync(InMemoryGrains.AcmeKey, CancellationToken.None);
        Assert.Equal("initech", CallContext.Tenant);
    }

    private AuthenticatedKeys Keys() => new(_grains, _time, Options.Create(new GatewayOptions()));

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
