using System.Runtime.InteropServices;

namespace Platform.Encoders.Weights;

/// <summary>Makes a rename or a creation in a folder durable.</summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;             // O_RDONLY, the same on every Unix

    /// <summary>Flushes a folder's entries; does nothing on systems whose renames are durable by themselves.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnly);
        int outcome = descriptor < 0 ? -1 : Sync(descriptor);
        string message = Marshal.GetLastPInvokeErrorMessage();
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }

        if (outcome != 0)
        {
            throw new IOException($"Folder '{folder}' could not be flushed: {message}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
