namespace Platform.Abstractions;

/// <summary>For whom a grain call is made. It travels with the call, and every silo checks it against the key of the called grain.</summary>
/// <remarks>A call with no tenant is refused. Only code that acts for the platform itself names <see cref="Platform"/>.</remarks>
public static class CallContext
{
    /// <summary>The platform itself; no tenant can bear this name (<see cref="Names"/> refuses it).</summary>
    public const string Platform = "*platform*";

    private const string TenantKey = "tenant";
    private const string BudgetKey = "budget";

    /// <summary>The tenant of the running call, or null.</summary>
    public static string? Tenant => RequestContext.Get(TenantKey) as string;

    /// <summary>How long the caller of the running call waits for its answer; null for as long as the call may take.</summary>
    /// <remarks>A span and not a time, so that clocks need not agree: it counts from the call's arrival.</remarks>
    public static TimeSpan? Budget => RequestContext.Get(BudgetKey) is long ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>States how long the callers of the calls that follow in this asynchronous flow will wait.</summary>
    public static void WaitAtMost(TimeSpan budget) => RequestContext.Set(BudgetKey, budget.Ticks);

    /// <summary>Makes the calls that follow in this asynchronous flow on behalf of a tenant.</summary>
    public static void ActFor(string tenant) => RequestContext.Set(TenantKey, tenant);
}
