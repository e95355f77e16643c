using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>The rule for a document's id, and how it stands in a path.</summary>
internal static class DocumentId
{
    /// <summary>The most bytes of an id in UTF-8.</summary>
    public const int MaxBytes = 1024;

    // An id starts after /v1/indexes/{index}/documents/.
    private const int SlashesBefore = 5;

    /// <summary>What is wrong with an id; null if it keeps the rule.</summary>
    public static Fault? Check(string? id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return Fault.MissingId("Member 'id' is missing or empty; every document has an id, 1 to 1,024 bytes of UTF-8.");
        }

        int bytes = Encoding.UTF8.GetByteCount(id);
        if (bytes > MaxBytes)
        {
            return Fault.Invalid($"The id '{Fault.Shorten(id)}' is {bytes} bytes of UTF-8; at most {MaxBytes} are allowed.");
        }

        foreach (char c in id)
        {
            if (char.IsControl(c))
            {
                return Fault.Invalid($"The id holds the control character U+{(int)c:X4}; ids are free of those.");
            }
        }

        return null;
    }

    /// <summary>The id that a request's path names, percent-encoded; it may hold any character, slashes included.</summary>
    /// <remarks>Reads the path as it was sent: the server leaves <c>%2F</c> encoded but decodes <c>%252F</c> to the same text, so that the decoded path is ambiguous.</remarks>
    /// <exception cref="RequestException">The path names no valid id.</exception>
    public static string FromPath(HttpContext http)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        ReadOnlySpan<char> path = target.AsSpan();
        int scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (path.Length > 0 && path[0] != '/' && scheme >= 0)
        {
            int authorityEnd = path[(scheme + 3)..].IndexOf('/');
            path = authorityEnd < 0 ? default : path[(scheme + 3 + authorityEnd)..];
        }

        int query = path.IndexOfAny('?', '#');
        path = query < 0 ? path : path[..query];
        for (int slash = SlashesBefore + http.Request.PathBase.Value!.Count(c => c == '/'); slash > 0; slash--)
        {
            int next = path.IndexOf('/');
            path = next < 0 ? default : path[(next + 1)..];
        }

        string id = Uri.UnescapeDataString(path);
        return Check(id) is { } fault ? throw new RequestException(fault) : id;
    }
}
