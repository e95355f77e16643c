using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Platform.Encoders.Native;

/// <summary>Makes torch ready in this process. Call <see cref="Start"/> before the first use of TorchSharp; it is quick after the first time.</summary>
public static partial class TorchRuntime
{
    private const int TrimThreshold = -1;                      // M_TRIM_THRESHOLD
    private const int TopPad = -2;                             // M_TOP_PAD
    private const int MapThreshold = -3;                       // M_MMAP_THRESHOLD

    private static readonly Lock Gate = new();
    private static bool _started;

    /// <summary>Loads the native libraries, keeps freed memory for the next batch, and bounds the threads of an operation.</summary>
    /// <param name="threads">Threads that one operation may use; 0 for as many as the machine has physical cores. The first caller decides.</param>
    /// <exception cref="DllNotFoundException">The native libraries are missing or do not fit this system; the message has the remedy.</exception>
    public static void Start(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        lock (Gate)
        {
            if (_started)
            {
                return;
            }

            QuietBarriers();
            KeepFreedMemory();
            TorchLibraries.Load(AppContext.BaseDirectory);
            torch.set_num_threads(threads == 0 ? PhysicalCores.Count() : threads);
            _started = true;
        }
    }

    /// <summary>
    /// Gives the calling thread the process's number of threads an operation. libtorch does so at the first operation that it could divide; a small
    /// matrix product before that takes MKL's own number, so that its sums, and the last bits, would depend on what the thread did before.
    /// </summary>
    internal static void PrepareThread() => _ = torch.get_num_threads();

    /// <summary>The device of a name.</summary>
    /// <exception cref="ArgumentException">There is no such device, or it is not here.</exception>
    internal static torch.Device DeviceOf(string name)
    {
        if (name == "cpu")
        {
            return torch.CPU;
        }

        if (name == "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return torch.cuda.is_available()
                ? torch.device(name)
                : throw new ArgumentException($"Device '{name}' is not here. Build with -p:TorchBackend=cuda on a machine with a CUDA driver, or use 'cpu'.", nameof(name));
        }

        throw new ArgumentException($"Device '{name}' is not known; it must be cpu, cuda or cuda:N.", nameof(name));
    }

    /// <summary>
    /// Threads that wait for each other yield at once instead of spinning: two spinning threads beside a busy process run many times slower
    /// than one. libgomp reads these from the C environment when it is loaded; a value that the user has set stays.
    /// </summary>
    private static void QuietBarriers()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", "2000", 0);     // some microseconds: the gap between two operations, not a time slice
        }
    }

    /// <summary>Fresh pages cost far more than a matrix product of their size; glibc hands large blocks back at once by default.</summary>
    private static void KeepFreedMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = SetAllocator(MapThreshold, 1 << 30);
                _ = SetAllocator(TrimThreshold, int.MaxValue);
                _ = SetAllocator(TopPad, 64 << 20);
            }
            catch (EntryPointNotFoundException)
            {
                // musl has no mallopt: slower, not wrong
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
