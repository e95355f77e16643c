using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>Stands between a process and a server that it uses: lets bytes pass, holds them back, or cuts every connection.</summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<TcpClient> _open = [];
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private volatile bool _isCut;
    private long _delayMilliseconds;

    /// <summary>Listens at once.</summary>
    /// <param name="server">The server, <c>host:port</c>.</param>
    public LinkProxy(string server)
    {
        _host = server.Split(':')[0];
        _port = int.Parse(server.Split(':')[1], CultureInfo.InvariantCulture);
        _listener.Start();
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where the process reaches the server, <c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Closes every connection, and every new one, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        lock (_open)
        {
            foreach (TcpClient connection in _open)
            {
                connection.Close();
            }
        }
    }

    /// <summary>Lets bytes pass at once again.</summary>
    public void Mend()
    {
        _isCut = false;
        Interlocked.Exchange(ref _delayMilliseconds, 0);
    }

    /// <summary>Holds each piece of an answer back for a time.</summary>
    public void Slow(TimeSpan delay) => Interlocked.Exchange(ref _delayMilliseconds, (long)delay.TotalMilliseconds);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // the end, or a client that went before it was accepted
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            try
            {
                lock (_open)
                {
                    _open.Add(client);
                    _open.Add(server);
                }

                if (_isCut)
                {
                    return;
                }

                await server.ConnectAsync(_host, _port, _end.Token);
                await Task.WhenAny(PumpAsync(client, server, answers: false), PumpAsync(server, client, answers: true));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                // cut
            }
            finally
            {
                lock (_open)
                {
                    _open.Remove(client);
                    _open.Remove(server);
                }
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool answers)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and int read)
            {
                if (answers && Interlocked.Read(ref _delayMilliseconds) is > 0 and long delay)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(delay), _end.Token);
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // cut
        }
    }
}
