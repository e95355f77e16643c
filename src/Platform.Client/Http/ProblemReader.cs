using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Client.Contracts;

namespace Platform.Client.Http;

/// <summary>Turns an answer that is not a success into an exception.</summary>
internal static class ProblemReader
{
    private const int MaxBytes = 64 * 1024;   // a problem document has a few hundred; a proxy's error page is not kept whole

    public static async Task<PlatformClientException> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        Problem? problem = await TryReadProblemAsync(response, cancellationToken);
        int status = (int)response.StatusCode;
        return new PlatformClientException(
            problem is { Code: not null } ? problem with { Status = status } : WithoutProblem(response, status),
            RetryAfter(response.Headers.RetryAfter, time));
    }

    /// <summary>The wait a <c>Retry-After</c> header asks for, whether seconds or a date; null without one.</summary>
    internal static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider time)
    {
        TimeSpan? wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static async Task<Problem?> TryReadProblemAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            return null;
        }

        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxBytes];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(buffer.AsSpan(0, length), PlatformJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;   // not the service's own answer; its status still says enough
        }
    }

    private static Problem WithoutProblem(HttpResponseMessage response, int status) => new()
    {
        Title = response.ReasonPhrase,
        Status = status,
        Code = ClientErrorCodes.UnexpectedAnswer,
        Detail = $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} answered with status {status} and no problem document; "
            + "check that the URL is the platform's, and what stands in between.",
    };
}
