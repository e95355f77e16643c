using Microsoft.AspNetCore.Http;
using Platform.Abstractions;

namespace Platform.Gateway.Security;

/// <summary>Makes every grain call of a request act for the request's tenant.</summary>
/// <remarks>The identity lives in this method's asynchronous flow: it reaches the endpoint, and ends with it.</remarks>
internal sealed class TenantFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        CallContext.ActFor(Tenant.Of(context.HttpContext));
        return await next(context);
    }
}
