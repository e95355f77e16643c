using System.Buffers;
using System.IO.Pipelines;

namespace Platform.Gateway.Reading;

/// <summary>Reads a body line by line. Holds at most one line, and of an over-long line no more than the limit.</summary>
/// <remarks>
/// Lines end in LF or CRLF; the last may end with the body. Blank lines are passed over but counted. A UTF-8 byte order mark
/// at the start is passed over. Not thread-safe.
/// </remarks>
/// <param name="body">The body; the caller completes it.</param>
/// <param name="maxLineBytes">The most bytes of a line, its end not counted.</param>
internal sealed class LineReader(PipeReader body, int maxLineBytes)
{
    private const byte LineFeed = (byte)'\n';

    private ReadOnlySequence<byte> _unread;
    private SequencePosition _bufferEnd;
    private bool _holdsBuffer;
    private bool _ended;
    private long _scanned;
    private long _skipped;

    /// <summary>The number of the line that was begun last, from 1.</summary>
    public int LineNumber { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The next line that is not blank; null at the end of the body.</summary>
    /// <remarks>The line's bytes are valid until the next call.</remarks>
    /// <exception cref="IOException">The body broke off before its end; <see cref="LineNumber"/> then names the line it broke in.</exception>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (TryTake(out Line? line))
            {
                if (line is { } found && (found.IsTooLong || !IsBlank(found.Bytes)))
                {
                    return found;
                }
            }

            if (_ended)
            {
                Release(_bufferEnd, _bufferEnd);
                return null;
            }

            await FillAsync(cancellationToken);
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            if (part.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }

    // True with a line; false if more bytes are needed, or none are left.
    private bool TryTake(out Line? line)
    {
        line = null;
        SequencePosition? end = _unread.Slice(_scanned).PositionOf(LineFeed);
        if (end is { } lineFeed)
        {
            line = Complete(_unread.Slice(0, lineFeed));
            _unread = _unread.Slice(_unread.GetPosition(1, lineFeed));
            _scanned = 0;
            return true;
        }

        _scanned = _unread.Length;
        if (_ended && (_unread.Length > 0 || _skipped > 0))
        {
            line = Complete(_unread);
            _unread = default;
            _scanned = 0;
            return true;
        }

        return false;
    }

    private Line Complete(ReadOnlySequence<byte> bytes)
    {
        LineNumber++;
        long length = _skipped + bytes.Length;
        _skipped = 0;
        if (length > maxLineBytes)
        {
            return new Line(LineNumber, length, IsTooLong: true, default);
        }

        return new Line(LineNumber, length, IsTooLong: false, LineNumber == 1 ? WithoutByteOrderMark(bytes) : bytes);
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < ByteOrderMark.Length)
        {
            return bytes;
        }

        Span<byte> start = stackalloc byte[ByteOrderMark.Length];
        bytes.Slice(0, ByteOrderMark.Length).CopyTo(start);
        return start.SequenceEqual(ByteOrderMark) ? bytes.Slice(ByteOrderMark.Length) : bytes;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_skipped > 0 || _unread.Length > maxLineBytes)
        {
            _skipped += _unread.Length;
            _unread = _unread.Slice(_unread.End);
            _scanned = 0;
        }

        Release(_unread.Start, _bufferEnd);
        ReadResult read = await body.ReadAsync(cancellationToken);
        _holdsBuffer = true;
        _unread = read.Buffer;
        _bufferEnd = read.Buffer.End;
        _ended = read.IsCompleted;
    }

    // The server drains a body for its next request only if no buffer of it is held.
    private void Release(SequencePosition consumed, SequencePosition examined)
    {
        if (_holdsBuffer)
        {
            body.AdvanceTo(consumed, examined);
            _holdsBuffer = false;
        }
    }
}
