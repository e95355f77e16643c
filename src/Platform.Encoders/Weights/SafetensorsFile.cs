using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Platform.Encoders.Weights;

/// <summary>One safetensors file: a header of JSON, then the tensors' bytes.</summary>
/// <remarks>
/// Layout: the header's length as 8 bytes, little-endian; the header, a JSON object that begins with '{'; the data. Only the header is
/// read, and only after the length is known to lie inside the file. Every byte of the data belongs to exactly one tensor.
/// Format: github.com/huggingface/safetensors (README, "Format").
/// </remarks>
internal sealed class SafetensorsFile
{
    /// <summary>The longest header, in bytes; the format's own limit.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    private const int LengthBytes = 8;
    private const string FetchAgain = "Fetch the file again, or convert the model to safetensors.";

    private SafetensorsFile(string path, IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>What the header's <c>__metadata__</c> says.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header; the data are not touched.</summary>
    /// <exception cref="CheckpointException">The file is no sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        using SafeFileHandle handle = OpenHandle(path);
        long fileLength = RandomAccess.GetLength(handle);
        if (fileLength < LengthBytes + 2)
        {
            throw CheckpointException.Of(path, $"has {fileLength} bytes; a safetensors file has at least {LengthBytes + 2}", FetchAgain);
        }

        Span<byte> start = stackalloc byte[LengthBytes + 1];
        ReadExactly(handle, path, start, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (start.StartsWith("version "u8))
        {
            throw CheckpointException.Of(path, "is a Git LFS pointer, not the weights themselves", "Run 'git lfs pull' in the folder it came from.");
        }

        if (headerLength > MaxHeaderBytes)
        {
            throw CheckpointException.Of(path, $"states a header of {headerLength} bytes; the limit is {MaxHeaderBytes}", FetchAgain);
        }

        if (headerLength < 2 || (long)headerLength > fileLength - LengthBytes)
        {
            throw CheckpointException.Of(path, $"states a header of {headerLength} bytes; it must be 2 to the {fileLength - LengthBytes} that follow", FetchAgain);
        }

        if (start[LengthBytes] != (byte)'{')
        {
            throw CheckpointException.Of(path, $"has a header that begins with byte 0x{start[LengthBytes]:x2}; it must be '{{'", FetchAgain);
        }

        byte[] header = GC.AllocateUninitializedArray<byte>((int)headerLength);
        ReadExactly(handle, path, header, LengthBytes);
        return Parse(path, header, fileLength);
    }

    private static SafetensorsFile Parse(string path, byte[] header, long fileLength)
    {
        long dataStart = LengthBytes + header.Length;
        var parsed = new SafetensorsHeader(path, dataStart, fileLength - dataStart);
        parsed.Read(header);
        return new SafetensorsFile(path, parsed.TensorsInOrder(), parsed.Metadata);
    }

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Of(path, $"can't be opened: {e.Message}", "Check the path and the file's permissions.", e);
        }
    }

    private static void ReadExactly(SafeFileHandle handle, string path, Span<byte> destination, long position)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, position);
            if (read == 0)
            {
                throw CheckpointException.Of(path, $"ends at byte {position} while it is read", FetchAgain);
            }

            position += read;
            destination = destination[read..];
        }
    }
}
