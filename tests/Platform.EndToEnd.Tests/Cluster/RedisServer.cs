using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>A Redis of the test's own, without persistence.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();       // what tests side by side took a moment ago nobody listens on yet

    private readonly Process _process;

    private RedisServer(Process process, int port)
    {
        _process = process;
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>Where it listens.</summary>
    public string Endpoint { get; }

    /// <summary>The program, or null where it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    /// <summary>Starts it and waits until it accepts connections.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        int port = FreePort();
        var start = new ProcessStartInfo(
            Program!, ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Ready to accept connections", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("redis-server ended before it was ready."));
        process.Start();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return new RedisServer(process, port);
    }

    /// <summary>A port that nobody listens on, below the range from which the system takes ports for outgoing connections.</summary>
    private static int FreePort()
    {
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
        return Enumerable.Range(10_000 + (Environment.ProcessId % 5_000), 5_000).First(port => !taken.Contains(port) && Given.TryAdd(port, true));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>A fact that needs redis-server, and is reported as skipped where it is missing.</summary>
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = WhyNot();

    internal static string? WhyNot() => RedisServer.Program is null ? "redis-server is not installed" : null;
}

/// <summary>A theory that needs redis-server and the test data, and is reported as skipped where one is missing.</summary>
internal sealed class RedisAndTestDataTheoryAttribute : TheoryAttribute
{
    public RedisAndTestDataTheoryAttribute() => Skip = RedisFactAttribute.WhyNot() ?? Testing.TestDataTheoryAttribute.WhyNot();
}

/// <summary>A fact that needs redis-server and Azurite, and is reported as skipped where one is missing.</summary>
internal sealed class RedisAndAzuriteFactAttribute : FactAttribute
{
    public RedisAndAzuriteFactAttribute() => Skip = RedisFactAttribute.WhyNot() ?? Testing.AzuriteServer.WhyNot();
}
