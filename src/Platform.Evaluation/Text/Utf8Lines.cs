using System.Runtime.CompilerServices;
using System.Text;
using Platform.Evaluation.Collections;

namespace Platform.Evaluation.Text;

/// <summary>The lines of a UTF-8 file, one at a time, in a buffer that is reused.</summary>
/// <remarks>
/// A line excludes its <c>\n</c> or <c>\r\n</c>; the last one may lack it. A byte-order mark is skipped. A line is valid
/// until the next read. Not thread-safe.
/// </remarks>
internal sealed class Utf8Lines : IDisposable
{
    /// <summary>Longest line accepted, in bytes: a document beyond it is a file without line ends.</summary>
    public const int MaxLineBytes = 64 << 20;

    private const int InitialBufferBytes = 1 << 18;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[InitialBufferBytes];
    private int _start;
    private int _scanned;
    private int _end;
    private bool _ended;

    public Utf8Lines(Stream stream, string path)
    {
        _stream = stream;
        Path = path;
    }

    /// <summary>The name that faults carry.</summary>
    public string Path { get; }

    /// <summary>Number of the line last read, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Opens a file; a missing one ends in a <see cref="CollectionFormatException"/>.</summary>
    public static Utf8Lines Open(string path, string expected)
    {
        if (!File.Exists(path))
        {
            throw CollectionFormatException.MissingFile(path, expected);
        }

        // Our own buffer is the only one: the stream's would be copied twice.
        return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false), path);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            if (TryTake(out int offset, out int length))
            {
                line = _buffer.AsSpan(offset, length);
                return true;
            }

            if (_ended)
            {
                line = default;
                return false;
            }

            MakeRoom();
            Received(_stream.Read(_buffer.AsSpan(_end)));
        }
    }

    /// <summary>Returns the next line, or null after the last.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out int offset, out int length))
            {
                return _buffer.AsMemory(offset, length);
            }

            if (_ended)
            {
                return null;
            }

            MakeRoom();
            Received(await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken));
        }
    }

    public void Dispose() => _stream.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTake(out int offset, out int length)
    {
        int newline = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        offset = _start;
        if (newline >= 0)
        {
            int lineEnd = _scanned + newline;
            length = lineEnd - _start;
            _start = _scanned = lineEnd + 1;
        }
        else if (_ended && _start < _end)
        {
            length = _end - _start;
            _start = _scanned = _end;
        }
        else
        {
            _scanned = _end;
            length = 0;
            return false;
        }

        LineNumber++;
        if (length > 0 && _buffer[offset + length - 1] == '\r')
        {
            length--;
        }

        return true;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length >= MaxLineBytes)
        {
            throw CollectionFormatException.At(Path, LineNumber + 1, $"a line of more than {MaxLineBytes:N0} bytes",
                $"lines of at most {MaxLineBytes:N0} bytes", "Check that the file has one record a line.");
        }

        Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private void Received(int count)
    {
        bool first = _end == 0 && LineNumber == 0;
        _end += count;
        _ended = count == 0;
        if (first && _buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble))
        {
            _start = _scanned = Encoding.UTF8.Preamble.Length;
        }
    }
}
