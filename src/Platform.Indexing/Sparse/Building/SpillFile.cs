using System.IO.MemoryMappedFiles;

namespace Platform.Indexing.Sparse;

/// <summary>A temporary file that takes what a build does not hold in memory; mapped, so that the system may drop it from memory.</summary>
/// <remarks>
/// It has no name once it is open (but on Windows, where closing deletes it), so it is gone however the process ends. Bytes are
/// written before they are mapped: a full disk is an <see cref="IOException"/> here and no fault of a later access. Not thread-safe.
/// </remarks>
internal sealed unsafe class SpillFile : IDisposable
{
    private readonly FileStream _file;
    private readonly List<(MemoryMappedFile File, MemoryMappedViewAccessor View)> _maps = [];

    /// <summary>Takes a file that can be read and written; disposed with this.</summary>
    public SpillFile(FileStream file) => _file = file;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Opens a new file in a folder.</summary>
    /// <exception cref="IOException">The folder is missing or full.</exception>
    public static FileStream Open(string folder)
    {
        string path = Path.Combine(folder, Path.GetRandomFileName());
        bool named = OperatingSystem.IsWindows();
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 0,
            Options = named ? FileOptions.DeleteOnClose : FileOptions.None,
        });
        if (!named)
        {
            File.Delete(path);
        }

        return file;
    }

    /// <summary>Writes bytes and maps them for reading and writing.</summary>
    /// <returns>Where they lie until this is disposed.</returns>
    /// <exception cref="IOException">They cannot be written, as when the disk is full.</exception>
    public byte* Append(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        var file = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        MemoryMappedViewAccessor view = file.CreateViewAccessor(Length, bytes.Length, MemoryMappedFileAccess.ReadWrite);
        _maps.Add((file, view));
        Length += bytes.Length;
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        return pointer + view.PointerOffset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((MemoryMappedFile file, MemoryMappedViewAccessor view) in _maps)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }

        _maps.Clear();
        _file.Dispose();
    }
}
