using System.Diagnostics;
using System.Globalization;

namespace Platform.Indexing.Sparse;

/// <summary>Looks twenty times a second how much private memory the process has: anonymous pages in memory, none of mapped files.</summary>
internal sealed class PeakMemory : IDisposable
{
    private const string Row = "RssAnon:";

    private readonly ITimer _timer;
    private long _bytes;

    /// <summary>Starts looking.</summary>
    public PeakMemory(TimeProvider time) =>
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

    /// <summary>The most seen so far.</summary>
    public long Bytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref _bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = Now();
        long before = Interlocked.Read(ref _bytes);
        while (now > before)
        {
            long seen = Interlocked.CompareExchange(ref _bytes, now, before);
            (before, now) = seen == before ? (now, now) : (seen, now);
        }
    }

    // The system's own account on Linux; elsewhere the working set, which counts mapped files too.
    private static long Now()
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(Row, StringComparison.Ordinal))
                {
                    return 1024 * long.Parse(line.AsSpan(Row.Length, line.Length - Row.Length - " kB".Length), CultureInfo.InvariantCulture);
                }
            }
        }

        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
