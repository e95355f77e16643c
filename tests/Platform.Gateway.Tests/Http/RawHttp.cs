using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Platform.Gateway.Tests.Http;

/// <summary>One HTTP/1.1 connection by hand, for what no well-behaved client does.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket _socket;
    private readonly Uri _address;
    private readonly string _key;

    public RawHttp(Uri address, string key, int? receiveBufferBytes = null)
    {
        _address = address;
        _key = key;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is { } bytes)
        {
            _socket.ReceiveBufferSize = bytes;
        }

        _socket.Connect(address.Host, address.Port);
    }

    /// <summary>Sends the head of a bulk request; chunked without a length.</summary>
    public Task BeginBulkAsync(string index, long? contentLength = null) => SendAsync(
        $"POST /v1/indexes/{index}/documents HTTP/1.1\r\nHost: {_address.Authority}\r\nAuthorization: Bearer {_key}\r\n"
        + "Content-Type: application/x-ndjson\r\n"
        + (contentLength is { } length ? $"Content-Length: {length}\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n"));

    public async Task SendAsync(string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    public Task SendChunkAsync(string text) => SendAsync(
        $"{Encoding.UTF8.GetByteCount(text).ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n");

    public Task EndChunksAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Closes our half of the connection; the other half stays open.</summary>
    public void ShutdownSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes the connection with a reset, as a crashed client does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public Task<string> ReadUntilAsync(string text) => ReadAsync(seen => seen.Contains(text, StringComparison.Ordinal), text);

    public Task<string> ReadToEndAsync() => ReadAsync(_ => false, awaited: null);

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadAsync(Func<string, bool> enough, string? awaited)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new StringBuilder();
        byte[] buffer = new byte[65_536];
        string tail = "";
        while (true)
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            }
            catch (SocketException) when (awaited is null)
            {
                return seen.ToString();
            }

            if (read == 0)
            {
                return awaited is null ? seen.ToString() : throw new EndOfStreamException($"No '{awaited}' in '{seen}'.");
            }

            string text = Encoding.UTF8.GetString(buffer, 0, read);
            seen.Append(text);
            tail = (tail.Length > 500 ? tail[^500..] : tail) + text;
            if (enough(tail))
            {
                return seen.ToString();
            }
        }
    }
}
