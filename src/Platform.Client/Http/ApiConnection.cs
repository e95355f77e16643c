using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;

namespace Platform.Client.Http;

/// <summary>Sends calls to the endpoints of one cluster, with failover, timeouts and typed faults. Thread-safe.</summary>
/// <remarks>
/// One attempt goes round the endpoints, from the one that answered last, until one is up. Faults leave as
/// <see cref="PlatformClientException"/>, except for the caller's own cancellation.
/// </remarks>
internal sealed class ApiConnection
{
    private static readonly ProductInfoHeaderValue Agent = new("platform-client", "1.0");

    private readonly HttpClient _http;
    private readonly PlatformClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retries;
    private readonly Uri[] _endpoints;
    private int _current;

    public ApiConnection(HttpClient http, PlatformClientOptions options, RetryPolicy retryPolicy, TimeProvider time)
    {
        _http = http;
        _options = options;
        _time = time;
        _retries = retryPolicy.Pipeline(options.MaxRetries);
        _endpoints =
            [.. options.Endpoints.Select(endpoint => new Uri(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + '/'))];
    }

    /// <summary>Sends a call and reads its JSON answer; an idempotent one is sent again after a transient fault.</summary>
    /// <param name="call">The call.</param>
    /// <param name="answer">How to read the answer's body.</param>
    /// <param name="cancellationToken">Cancels the call and the waits in between.</param>
    public async Task<T> SendAsync<T>(ApiCall call, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        return await WithRetriesAsync(call, ReadJsonAsync, cancellationToken);

        async Task<T> ReadJsonAsync(HttpResponseMessage response, CancellationToken token)
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(token);
            return await JsonSerializer.DeserializeAsync(stream, answer, token)
                ?? throw new JsonException("The body is null.");
        }
    }

    /// <summary>Sends a call whose answer has no body worth reading.</summary>
    public Task SendAsync(ApiCall call, CancellationToken cancellationToken) =>
        WithRetriesAsync(call, static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>One attempt: each endpoint at most once.</summary>
    /// <param name="call">The call.</param>
    /// <param name="readAsync">Reads a successful answer, within the attempt's time.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public async Task<T> AttemptAsync<T>(
        ApiCall call,
        Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync,
        CancellationToken cancellationToken)
    {
        int first = Volatile.Read(ref _current);
        for (int tried = 1; ; tried++)
        {
            int endpoint = (first + tried - 1) % _endpoints.Length;
            try
            {
                return await SendToAsync(_endpoints[endpoint], call, readAsync, cancellationToken);
            }
            catch (PlatformClientException fault) when (fault.IsEndpointDown || fault.Code is ClientErrorCodes.Timeout)
            {
                // Whoever sees it first moves the preference on; the others find it moved.
                Interlocked.CompareExchange(ref _current, (endpoint + 1) % _endpoints.Length, endpoint);
                bool mayGoElsewhere = fault.Code is ClientErrorCodes.Unreachable || (call.IsIdempotent && fault.IsEndpointDown);
                if (!mayGoElsewhere || tried == _endpoints.Length)
                {
                    throw;
                }
            }
        }
    }

    private async Task<T> WithRetriesAsync<T>(
        ApiCall call,
        Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync,
        CancellationToken cancellationToken)
    {
        ResiliencePipeline retries = call.IsIdempotent ? _retries : ResiliencePipeline.Empty;
        return await retries.ExecuteAsync(async token => await AttemptAsync(call, readAsync, token), cancellationToken);
    }

    private async Task<T> SendToAsync<T>(
        Uri endpoint,
        ApiCall call,
        Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        bool answered = false;
        try
        {
            using HttpRequestMessage request = Request(endpoint, call);
            using HttpResponseMessage response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            answered = true;
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemReader.ReadAsync(response, _time, either.Token);
            }

            return await readAsync(response, either.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Translate(fault, endpoint, call, answered, timedOut: timeout.IsCancellationRequested);
        }
    }

    private HttpRequestMessage Request(Uri endpoint, ApiCall call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(endpoint, call.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        request.Headers.UserAgent.Add(Agent);
        if (call.IdempotencyKey is { } key)
        {
            request.Headers.Add("Idempotency-Key", key.ToString("D"));
        }

        request.Content = call.Body?.Invoke();
        return request;
    }

    private PlatformClientException Translate(Exception fault, Uri endpoint, ApiCall call, bool answered, bool timedOut)
    {
        string what = $"{call.Method} {call.Path} at {endpoint.GetLeftPart(UriPartial.Authority)}";
        if (timedOut)
        {
            return PlatformClientException.Make(
                ClientErrorCodes.Timeout,
                "No answer in time",
                $"{what} had no complete answer within {_options.RequestTimeout.TotalSeconds:0.###} seconds; raise RequestTimeout or look at the service.",
                fault);
        }

        if (fault is JsonException)
        {
            return PlatformClientException.Make(
                ClientErrorCodes.UnexpectedAnswer,
                "Unexpected answer",
                $"{what} answered something else than the platform's JSON ({fault.Message}); check that the URL is the platform's.",
                fault);
        }

        // Without an answer, a cancellation that is neither the caller's nor the timeout's is the connect timeout's.
        bool neverSent = !answered && (fault is OperationCanceledException or HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        });
        return neverSent
            ? PlatformClientException.Make(
                ClientErrorCodes.Unreachable,
                "Unreachable",
                $"No connection to {endpoint.GetLeftPart(UriPartial.Authority)}: {fault.GetBaseException().Message.TrimEnd('.')}. Check the URL, and that 'platform serve' runs there.",
                fault)
            : PlatformClientException.Make(
                ClientErrorCodes.ConnectionLost,
                "Connection lost",
                $"{what} lost its connection before the answer was complete: {fault.GetBaseException().Message.TrimEnd('.')}. Whether it was carried out is unknown.",
                fault);
    }
}
