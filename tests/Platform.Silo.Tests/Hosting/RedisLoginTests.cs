using Azure.Core;
using Platform.Silo.Hosting;
using StackExchange.Redis;

namespace Platform.Silo.Tests.Hosting;

public sealed class RedisLoginTests
{
    private const string Address = "redis.example:10000,ssl=true";

    [Fact]
    public void Every_connection_brings_the_token_of_its_time()
    {
        var credential = new CountingCredential();
        ConfigurationOptions options = RedisLogin.OptionsOf(new ClusterOptions { Redis = Address, RedisUser = "object-id" }, credential).Clone();

        Assert.Equal("object-id", options.User);
        Assert.Equal("token 1", options.Password);
        Assert.Equal("token 2", options.Password);
        Assert.Equal(["https://redis.azure.com/.default"], credential.Scopes);
        Assert.True(options.Ssl);
    }

    [Fact]
    public void Without_an_identity_the_password_is_what_the_configuration_says()
    {
        ConfigurationOptions options = RedisLogin.OptionsOf(new ClusterOptions { Redis = Address + ",password=given" }, new CountingCredential());

        Assert.Null(options.User);
        Assert.Equal("given", options.Password);
    }

    private sealed class CountingCredential : TokenCredential
    {
        private int _tokens;

        public IReadOnlyList<string> Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken($"token {++_tokens}", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
