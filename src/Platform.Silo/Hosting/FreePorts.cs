using System.Net;
using System.Net.Sockets;

namespace Platform.Silo.Hosting;

/// <summary>Finds ports that nobody listens on, outside the range from which systems take ports for outgoing connections.</summary>
/// <remarks>A port of that range could be taken between this look and the silo's start by any connection that a process opens.</remarks>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 10_000;                         // up to 29,999: Linux takes 32,768 and above, Windows and macOS 49,152

    /// <summary>Two different free ports. Processes begin their search at different places, so that those started together do not meet.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static (int Silo, int Gateway) FindTwo(IPAddress address)
    {
        List<int> found = [];
        for (int i = 0; i < Count && found.Count < 2; i++)
        {
            int port = First + ((int)((Environment.ProcessId * 37L) % Count) + i) % Count;
            if (IsFree(address, port))
            {
                found.Add(port);
            }
        }

        return found.Count == 2
            ? (found[0], found[1])
            : throw new InvalidOperationException($"No two ports from {First} to {First + Count - 1} are free. Name Cluster:SiloPort and Cluster:SiloGatewayPort.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
