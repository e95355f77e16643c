using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.Testing;

/// <summary>Azure's blob storage as its emulator Azurite plays it, in memory; started at the first use, stopped with its owner.</summary>
/// <remarks>Found through <c>PLATFORM_TEST_AZURITE</c>, else as <c>azurite-blob</c> on the path.</remarks>
public sealed partial class AzuriteServer : IDisposable
{
    private readonly Lock _lock = new();
    private Process? _process;
    private Task<Uri>? _address;

    /// <summary>The program, or null where it is not installed.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("PLATFORM_TEST_AZURITE") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "azurite-blob")).FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs it can't run here; null if it can.</summary>
    public static string? WhyNot() =>
        Program is null ? "Azurite is not here: npm install azurite, and put azurite-blob on the path or name it in PLATFORM_TEST_AZURITE" : null;

    /// <summary>Starts it if it does not run, and returns a connection string with the emulator's published account.</summary>
    public async Task<string> ConnectAsync()
    {
        Task<Uri> address;
        lock (_lock)
        {
            address = _address ??= StartAsync();
        }

        const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
        return $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint={(await address).OriginalString}/devstoreaccount1;";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }
    }

    [GeneratedRegex(@"listens on (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening { get; }

    private async Task<Uri> StartAsync()
    {
        var start = new ProcessStartInfo(
            Program!, ["--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", "0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (Listening.Match(line.Data ?? "") is { Success: true } match)
            {
                listening.TrySetResult(new Uri(match.Groups["address"].Value));
            }
        };
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("Azurite ended before it was ready."));
        _process.Start();
        _process.BeginOutputReadLine();
        return await listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}

/// <summary>A fact that needs Azurite, and is reported as skipped where it is missing.</summary>
internal sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteServer.WhyNot();
}

/// <summary>A row of a theory that needs Azurite, and is reported as skipped where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AzuriteDataAttribute : Xunit.Sdk.DataAttribute
{
    private readonly object[] _row;

    public AzuriteDataAttribute(params object[] row)
    {
        _row = row;
        Skip = AzuriteServer.WhyNot();
    }

    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => [_row];
}
