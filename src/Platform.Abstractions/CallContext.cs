namespace Platform.Abstractions;

/// <summary>For whom a grain call is made. It travels with the call, and every silo checks it against the key of the called grain.</summary>
/// <remarks>A call with no tenant is refused. Only code that acts for the platform itself names <see cref="Platform"/>.</remarks>
public static class CallContext
{
    /// <summary>The platform itself; no tenant can bear this name (<see cref="Names"/> refuses it).</summary>
    public const string Platform = "*platform*";

    private const string TenantKey = "tenant";

    /// <summary>The tenant of the running call, or null.</summary>
    public static string? Tenant => RequestContext.Get(TenantKey) as string;

    /// <summary>Makes the calls that follow in this asynchronous flow on behalf of a tenant.</summary>
    public static void ActFor(string tenant) => RequestContext.Set(TenantKey, tenant);
}
