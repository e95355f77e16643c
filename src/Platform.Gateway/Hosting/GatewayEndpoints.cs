using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Gateway.Console;
using Platform.Gateway.Endpoints;
using Platform.Gateway.Endpoints.Bulk;
using Platform.Gateway.Endpoints.Embeddings;
using Platform.Gateway.Endpoints.Fields;
using Platform.Gateway.Faults;
using Platform.Gateway.Security;

namespace Platform.Gateway.Hosting;

/// <summary>Puts the gateway into an application.</summary>
public static class GatewayEndpoints
{
    /// <summary>Adds error documents, authentication and all endpoints. Everything needs an API key, except <c>/health</c>, <c>/openapi</c> and the console's own files.</summary>
    /// <param name="app">An application whose services have <see cref="GatewayServices.AddPlatformGateway"/>.</param>
    public static WebApplication MapPlatformGateway(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(ProblemWriter.WriteForStatusAsync);
        app.UseAuthentication();
        app.UseAuthorization();

        RouteGroupBuilder tenants = app.MapGroup("").AddEndpointFilter<RouteGroupBuilder, TenantFilter>();
        IndexEndpoints.Map(tenants);
        OperationEndpoints.Map(tenants);
        BulkEndpoint.Map(tenants);
        DocumentEndpoints.Map(tenants);
        MatchingEndpoints.Map(tenants);
        PatchEndpoint.Map(tenants);
        ScrollEndpoint.Map(tenants);
        SearchEndpoint.Map(tenants);
        SnapshotEndpoints.Map(tenants);
        EmbeddingEndpoints.Map(tenants);
        TrainingEndpoints.Map(tenants);

        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync }).AllowAnonymous();
        app.MapOpenApi().AllowAnonymous();
        ConsoleEndpoints.Map(app);
        return app;
    }
}
