using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary>Names the operations of a request, so that the same request sent again applies nothing twice.</summary>
/// <remarks>With an <c>Idempotency-Key</c>, an operation's id is the first 128 bits of SHA-256 over key and document id; without one, it is drawn at random.</remarks>
internal sealed class OperationIds(string? idempotencyKey)
{
    /// <summary>The request's header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The most characters of the header.</summary>
    public const int MaxKeyLength = 256;

    /// <summary>Reads the header.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> for an empty or over-long key.</exception>
    public static OperationIds Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return new OperationIds(null);
        }

        string key = values.ToString();
        return key.Length is 0 or > MaxKeyLength
            ? throw new RequestException(Fault.Invalid($"Header '{Header}' has {key.Length} characters; it must have 1 to {MaxKeyLength}, for example a UUID."))
            : new OperationIds(key);
    }

    /// <summary>The id of the operation on a document.</summary>
    public Guid For(string documentKey)
    {
        if (idempotencyKey is null)
        {
            return Guid.NewGuid();
        }

        // A line feed can stand in neither a header nor a document id, so that no two pairs give the same bytes.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{idempotencyKey}\n{documentKey}"), hash);
        return new Guid(hash[..16]);
    }
}
