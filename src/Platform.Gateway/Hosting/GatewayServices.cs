using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Bulk;
using Platform.Gateway.Faults;
using Platform.Gateway.Security;

namespace Platform.Gateway.Hosting;

/// <summary>Registers the gateway.</summary>
public static class GatewayServices
{
    /// <summary>Adds all that <see cref="GatewayEndpoints.MapPlatformGateway"/> needs, except <see cref="IGrainFactory"/>: that comes from a silo or a cluster client in the same host.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Section <see cref="GatewayOptions.Section"/> sets the limits; faults are reported before start.</param>
    public static IServiceCollection AddPlatformGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection(GatewayOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AuthenticatedKeys>();
        services.TryAddSingleton<BulkIngest>();

        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddHealthChecks().AddCheck<KeyGrainHealthCheck>("keys");
        services.Configure<KestrelServerOptions>(server => server.AddServerHeader = false);

        // These write the schemas of the OpenAPI document only; bodies go through GatewayJson.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, PlatformJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(OpenApiDescription.DocumentName, OpenApiDescription.Describe);
        return services;
    }
}
