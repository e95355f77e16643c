using System.IO.MemoryMappedFiles;

namespace Platform.Indexing.Sparse;

/// <summary>A region of a file mapped for reading.</summary>
internal sealed unsafe class MappedRegion : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private MappedRegion(MemoryMappedFile file, MemoryMappedViewAccessor view, long length)
    {
        _file = file;
        _view = view;
        Length = length;
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Pointer = pointer + view.PointerOffset;       // the view starts at a page, the region where the caller said
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>Bytes of the region.</summary>
    public long Length { get; }

    /// <summary>Maps a region.</summary>
    /// <exception cref="SparseFormatException">The file is empty or ends before the region does.</exception>
    public static MappedRegion Open(string path, long offset, long? length)
    {
        long available = new FileInfo(path).Length - offset;
        long size = length ?? available;
        if (size <= 0 || size > available)
        {
            throw SparseFormatException.TooShort(path, Math.Max(0, available), Math.Max(1, size));
        }

        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        try
        {
            return new MappedRegion(file, file.CreateViewAccessor(offset, size, MemoryMappedFileAccess.Read), size);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
