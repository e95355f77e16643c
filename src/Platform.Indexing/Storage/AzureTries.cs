using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Platform.Indexing.Storage;

/// <summary>Counts how often the SDK sent one call's requests: only after a second try can a refusal mean that the first one succeeded.</summary>
internal sealed class AzureTries : HttpPipelineSynchronousPolicy
{
    private const string Property = "platform.tries";

    /// <summary>Counts the requests sent until the scope ends, along this flow of control.</summary>
    public static IDisposable Count(StrongBox<int> tries) =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [Property] = tries });

    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.TryGetProperty(Property, out object? tries) && tries is StrongBox<int> count)
        {
            count.Value++;
        }
    }
}
