using System.Runtime.InteropServices;

namespace Platform.Indexing.Storage;

/// <summary>Makes a folder's entries durable: on Unix a rename or a creation survives a power cut only after this.</summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnlyDirectory = 0x10000;          // O_RDONLY | O_DIRECTORY on Linux

    /// <summary>Flushes a folder; does nothing on systems whose renames are durable by themselves.</summary>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnlyDirectory);
        if (descriptor < 0)
        {
            throw new IOException($"Folder '{folder}' could not be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        int outcome = Sync(descriptor);
        string message = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
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
