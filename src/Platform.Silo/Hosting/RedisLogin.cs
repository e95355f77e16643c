using Azure.Core;
using Azure.Identity;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Platform.Silo.Hosting;

/// <summary>Signs in to Redis with a managed identity's token instead of a key.</summary>
/// <remarks>
/// The token is asked for at every connection; Azure.Identity keeps it until shortly before it expires. Redis closes a connection whose
/// token has expired, and the next one brings a new token; membership rides over that, as over any lost connection.
/// </remarks>
/// <param name="user">The identity's object id.</param>
/// <param name="credential">Gives the tokens.</param>
internal sealed class RedisLogin(string user, TokenCredential credential) : DefaultOptionsProvider
{
    private static readonly TokenRequestContext Scope = new(["https://redis.azure.com/.default"]);

    /// <inheritdoc/>
    public override string? User => user;

    /// <inheritdoc/>
    public override string? Password => credential.GetToken(Scope, CancellationToken.None).Token;

    /// <summary>How to reach the Redis that a configuration names.</summary>
    public static ConfigurationOptions OptionsOf(ClusterOptions cluster) =>
        OptionsOf(cluster, cluster.RedisUser is null ? null : new DefaultAzureCredential());

    /// <summary>The same with a given source of tokens; null for none.</summary>
    internal static ConfigurationOptions OptionsOf(ClusterOptions cluster, TokenCredential? credential)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(cluster.Redis ?? "");
        if (cluster.RedisUser is { } user && credential is not null)
        {
            options.Defaults = new RedisLogin(user, credential);
        }

        return options;
    }
}
