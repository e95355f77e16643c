using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Platform.Encoders.Models.Hub;

/// <summary>HTTP to a hub: follows its redirects by hand, sends the token to the hub alone, connects only where it may.</summary>
/// <remarks>
/// The hub's own address is the operator's choice and may be private (a mirror). A redirect may stay on it, or lead to a public address by
/// https; the address is checked at the connection itself, so that a name can't change its meaning in between.
/// </remarks>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HubOptions _options;
    private readonly HttpClient _http;

    /// <summary>Opens a client.</summary>
    public HubClient(HubOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("platform-model-pull", "1"));
    }

    /// <summary>Sends a GET and follows redirects; the body is not read yet.</summary>
    /// <param name="address">An address of the hub.</param>
    /// <param name="prepare">Sets headers of each request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HubException">A redirect leads where it may not.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            prepare(request);
            if (_options.Token is { } token && IsHub(address))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                address = response.Headers.Location is { } location ? new Uri(address, location) : throw Refuse(address, "redirects without saying where to");
            }

            if (redirects == MaxRedirects)
            {
                throw Refuse(address, $"redirects more than {MaxRedirects} times");
            }

            if (!IsHub(address) && address.Scheme != Uri.UriSchemeHttps)
            {
                throw Refuse(address, "is where the hub redirects to; only https is followed away from the hub");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private bool IsHub(Uri address) => address.Scheme == _options.BaseAddress.Scheme && address.Authority == _options.BaseAddress.Authority;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        bool isHub = target.Host == _options.BaseAddress.IdnHost && target.Port == _options.BaseAddress.Port;
        IPAddress[] allowed = isHub ? addresses : [.. addresses.Where(PublicAddresses.Contain)];
        if (allowed.Length == 0)
        {
            throw new HubException(target.Host, $"'{target.Host}:{target.Port}' is no public address, and not the hub's own; it is not connected to. Check the hub's address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static HubException Refuse(Uri address, string found) =>
        new(address.GetLeftPart(UriPartial.Path), $"'{address.GetLeftPart(UriPartial.Path)}' {found}. Check the hub's address.");
}
