using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Reading;

/// <summary>Reads a small JSON body whole.</summary>
internal static class BodyReader
{
    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request; its body has not been read.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="maxBytes">The most bytes; more are not read.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="RequestException"><c>too_large</c>, or <c>invalid_json</c> with the place.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
        where T : class
    {
        if (request.ContentLength > maxBytes)
        {
            throw new RequestException(TooLarge(maxBytes));
        }

        PipeReader body = request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                body.AdvanceTo(read.Buffer.End);
                throw new RequestException(TooLarge(maxBytes));
            }

            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return read.Buffer.IsEmpty
                    ? throw new RequestException(Fault.InvalidJson("The body is empty; expected a JSON object."))
                    : StrictJson.Read(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray(), type);
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private static Fault TooLarge(int maxBytes) =>
        Fault.TooLarge($"The body is over {maxBytes} bytes, the limit for this request; shorten it.");
}
