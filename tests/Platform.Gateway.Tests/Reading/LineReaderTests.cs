using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Tests.Reading;

public sealed class LineReaderTests
{
    private const int MaxLineBytes = 12;

    private static readonly string[] Parts = ["a", "é", " ", "\r", "\n", "\n", "\r\n", "12345678", "0123456789abcdef"];

    private static readonly Gen<string> Bodies = Gen.Int[0, Parts.Length - 1].Array[0, 40].Select(parts => string.Concat(parts.Select(i => Parts[i])));

    [Fact]
    public Task Lines_are_those_of_splitting_the_whole_text_however_it_arrives() =>
        Gen.Select(Bodies, Gen.Int[1, 7]).SampleAsync(async (body, pieceBytes) =>
            Assert.Equal(Split(body), await ReadAsync(Encoding.UTF8.GetBytes(body), pieceBytes)));

    [Fact]
    public async Task A_byte_order_mark_is_passed_over_at_the_start_only() =>
        Assert.Equal(["1:a", "2:\uFEFFb"], await ReadAsync(Encoding.UTF8.GetBytes("\uFEFFa\n\uFEFFb"), pieceBytes: 2));

    [Fact]
    public async Task A_line_at_the_limit_is_whole_and_one_byte_more_is_too_long() =>
        Assert.Equal(["1:123456789012", "2: too long (13)", "3:c"], await ReadAsync("123456789012\n1234567890123\nc"u8.ToArray(), pieceBytes: 5));

    [Fact]
    public async Task An_over_long_line_is_not_held()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4_096, resumeWriterThreshold: 1_024));
        var lines = new LineReader(pipe.Reader, MaxLineBytes);
        Task<Line?> reading = lines.ReadAsync(CancellationToken.None).AsTask();

        // Were the line held, the pipe would stop taking bytes at its threshold.
        for (int piece = 0; piece < 100; piece++)
        {
            await pipe.Writer.WriteAsync(new byte[1_000]);
        }

        await pipe.Writer.CompleteAsync();
        Assert.Equal(new Line(1, 100_000, IsTooLong: true, default), await reading);
    }

    private static string[] Split(string body)
    {
        var lines = new List<string>();
        string[] parts = body.Split('\n');
        for (int i = 0; i < parts.Length; i++)
        {
            int bytes = Encoding.UTF8.GetByteCount(parts[i]);
            if (bytes > MaxLineBytes)
            {
                lines.Add($"{i + 1}: too long ({bytes})");
            }
            else if (parts[i].Trim(' ', '\r').Length > 0)
            {
                lines.Add($"{i + 1}:{parts[i]}");
            }
        }

        return [.. lines];
    }

    private static async Task<string[]> ReadAsync(byte[] body, int pieceBytes)
    {
        var pipe = new Pipe();
        var lines = new LineReader(pipe.Reader, MaxLineBytes);
        Task feeding = FeedAsync(pipe.Writer, body, pieceBytes);
        var read = new List<string>();
        while (await lines.ReadAsync(CancellationToken.None) is { } line)
        {
            read.Add(line.IsTooLong ? $"{line.Number}: too long ({line.Length})" : $"{line.Number}:{Encoding.UTF8.GetString(line.Bytes)}");
        }

        await feeding;
        return [.. read];
    }

    private static async Task FeedAsync(PipeWriter writer, byte[] body, int pieceBytes)
    {
        foreach (byte[] piece in body.Chunk(pieceBytes))
        {
            await writer.WriteAsync(piece);
            await Task.Yield();
        }

        await writer.CompleteAsync();
    }
}
