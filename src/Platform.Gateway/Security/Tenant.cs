using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Platform.Abstractions;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Security;

/// <summary>The tenant of a request, and what it may name.</summary>
internal static class Tenant
{
    /// <summary>The tenant whose key the request bears.</summary>
    /// <exception cref="InvalidOperationException">The endpoint let a request in without a key: a fault of ours.</exception>
    public static string Of(HttpContext http)
    {
        string? tenant = http.User.FindFirstValue(ApiKeyAuthentication.TenantClaim);
        return Names.IsValid(tenant)
            ? tenant
            : throw new InvalidOperationException($"The request's tenant '{tenant}' is not a name: {Names.Rule}.");
    }

    /// <summary>The grain key of an index of the request's tenant.</summary>
    /// <exception cref="RequestException"><c>index_not_found</c> if no index can bear that name.</exception>
    public static string IndexKey(HttpContext http, string index) => Names.IsValid(index)
        ? new IndexKey(Of(http), index).ToString()
        : throw new RequestException(Fault.IndexNotFound(index));
}
