using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Platform.Cli.Output;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>Reads documents from files, <c>-</c> for standard input, <c>.gz</c> unpacked; a line at a time, in their order.</summary>
/// <remarks>A line that is no document is told to <see cref="BadLine"/> and passed over: it fails alone.</remarks>
internal sealed class ItemFiles : IItemSource
{
    /// <summary>The longest line read, in bytes; the service takes 1 MB by default.</summary>
    public const int MaxLineBytes = 64 * 1024 * 1024;

    private readonly Terminal _terminal;
    private readonly string[] _paths;
    private readonly long _totalBytes;
    private long _bytesRead;

    /// <summary>Takes the files.</summary>
    /// <exception cref="CommandFaultException">One of them is not there.</exception>
    public ItemFiles(Terminal terminal, IReadOnlyList<string> paths)
    {
        _terminal = terminal;
        _paths = [.. paths];
        if (_paths.FirstOrDefault(path => path != "-" && !File.Exists(path)) is { } missing)
        {
            throw CommandFaultException.Usage(
                $"There is no file '{missing}'; name files of documents, or - for standard input.");
        }

        _totalBytes = _paths.Contains("-") ? 0 : _paths.Sum(path => new FileInfo(path).Length);
    }

    /// <summary>Which line each document came from.</summary>
    public LineMap Lines { get; } = new();

    /// <summary>Makes a document of a line, or throws a <see cref="FormatException"/>.</summary>
    public Func<ReadOnlyMemory<byte>, BulkItem> Parse { get; init; } = ItemLine.Parse;

    /// <inheritdoc/>
    public Action<LineOf, string>? BadLine { get; set; }

    /// <summary>The part of the bytes that was read, 0 to 1; null for standard input.</summary>
    public double? FractionRead => _totalBytes == 0 ? null : (double)Interlocked.Read(ref _bytesRead) / _totalBytes;

    /// <summary>Streams the documents.</summary>
    public async IAsyncEnumerable<BulkItem> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long position = 0;
        foreach (string path in _paths)
        {
            long number = 0;
            await foreach (ReadOnlySequence<byte> line in LinesOfAsync(path, cancellationToken))
            {
                number++;
                if (Read(line, new LineOf(path, number)) is { } item)
                {
                    Lines.Add(++position, path, number);
                    yield return item;
                }
            }
        }
    }

    /// <inheritdoc/>
    public LineOf PlaceOf(long position) => Lines.Of(position);

    private BulkItem? Read(ReadOnlySequence<byte> line, LineOf place)
    {
        ReadOnlyMemory<byte> bytes = line.IsSingleSegment ? line.First : line.ToArray();
        if (place.Number == 1 && bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        if (bytes.Span.Trim(" \t\r"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            return Parse(bytes);
        }
        catch (FormatException fault)
        {
            BadLine?.Invoke(place, fault.Message);
            return null;
        }
    }

    private async IAsyncEnumerable<ReadOnlySequence<byte>> LinesOfAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream file = path is "-" ? _terminal.OpenInput() : File.OpenRead(path);
        long before = Interlocked.Read(ref _bytesRead);
        PipeReader reader = PipeReader.Create(
            path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file,
            new StreamPipeReaderOptions(bufferSize: 1 << 16));
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(cancellationToken);
                Interlocked.Exchange(ref _bytesRead, before + (file.CanSeek ? file.Position : 0));
                ReadOnlySequence<byte> rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    yield return rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (rest.Length > MaxLineBytes)
                {
                    throw new InvalidDataException(
                        $"'{path}' has a line longer than {Figures.Bytes(MaxLineBytes)}; write one JSON object a line.");
                }

                if (read.IsCompleted)
                {
                    if (!rest.IsEmpty)
                    {
                        yield return rest;
                    }

                    break;
                }

                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();   // closes the streams
        }
    }
}
