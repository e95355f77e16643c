using Platform.Abstractions;
using Platform.Abstractions.Grains;

namespace Platform.Silo.Security;

/// <summary>Lets a call pass only if the tenant it acts for owns the grain it calls. Fails closed.</summary>
internal sealed class TenantCallFilter : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        Type? contract = context.InterfaceMethod?.DeclaringType;
        if (contract is not null && contract.Assembly == typeof(IShardGrain).Assembly)
        {
            Check(contract, context.TargetId.Key.ToString() ?? "");
        }

        return context.Invoke();
    }

    private static void Check(Type contract, string key)
    {
        string? tenant = CallContext.Tenant;
        if (tenant == CallContext.Platform)
        {
            return;
        }

        bool allowed = tenant is not null && contract != typeof(IKeyGrain)
            && (contract == typeof(IEncoderGrain) || key == tenant || key.StartsWith(tenant + "/", StringComparison.Ordinal));
        if (!allowed)
        {
            throw new PlatformException(FaultKind.Forbidden, $"A call for tenant '{tenant ?? "(none)"}' reached a grain that it does not own. Use that tenant's own key.");
        }
    }
}
