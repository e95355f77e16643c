using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>One running <c>platform serve</c>, as a user would start it.</summary>
internal sealed partial class PlatformProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PlatformProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Executable);
        start.Environment["PLATFORM_Encoder__Deterministic"] = "true";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _ = TellEarlyEndAsync();
    }

    /// <summary>The program under test.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "platform.dll");

    /// <summary>Where it serves.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The key that it printed; null if it printed none.</summary>
    public string? Key
    {
        get
        {
            Match key = KeyPattern().Match(Output);
            return key.Success ? key.Value : null;
        }
    }

    /// <summary>Everything it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a process and waits until it has said all that it says at a start.</summary>
    public static Task<PlatformProcess> StartAsync(string dataDirectory, params string[] more) =>
        StartAsync(dataDirectory, new Dictionary<string, string>(), more);

    /// <summary>Starts a process with variables in its environment, and waits until it has said all that it says at a start.</summary>
    public static async Task<PlatformProcess> StartAsync(string dataDirectory, IReadOnlyDictionary<string, string> environment, params string[] more)
    {
        string[] url = more.Contains("--url") ? [] : ["--url", "http://127.0.0.1:0"];
        var process = new PlatformProcess(["serve", "--data", dataDirectory, .. url, .. more], environment);
        try
        {
            process.Url = await process._url.Task.WaitAsync(StartTimeout);
            return process;
        }
        catch
        {
            await process.DisposeAsync();                    // nobody else knows it
            throw;
        }
    }

    /// <summary>The most memory it has held so far, in bytes; 0 if it has ended.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.PeakWorkingSet64;
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits until it has ended by itself; false if it has not after so long.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Sends it a signal: <c>STOP</c> freezes it, <c>CONT</c> lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills it at once, as a crash would: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, SIGTERM, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex UrlPattern();

    [GeneratedRegex(@"pk_[0-9a-f]+_[A-Za-z0-9_-]+")]
    private static partial Regex KeyPattern();

    private async Task TellEarlyEndAsync()
    {
        await _process.WaitForExitAsync();                   // until its output is read to the end
        _url.TrySetException(new InvalidOperationException($"platform serve ended early:\n{Output}"));
        _ = _url.Task.Exception;                             // seen: nobody may be waiting
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.Contains("Ctrl-C stops it", StringComparison.Ordinal))
        {
            _url.TrySetResult(new Uri(UrlPattern().Match(Output).Value));
        }
    }
}
