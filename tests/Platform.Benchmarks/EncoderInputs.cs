using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Platform.Encoders.Text;
using Platform.Encoders.Weights;

namespace Platform.Benchmarks;

/// <summary>Reading: the Llama 3 tokenizer's speed on one thread, and how soon hostile safetensors files of 100 MB are refused.</summary>
internal static class EncoderInputs
{
    private const int HeaderBytes = 99_999_992;
    private const int Repetitions = 5;

    public static int Run()
    {
        Tokenizer();
        foreach ((string name, byte[] header) in Headers())
        {
            Refusal(name, header);
        }

        return 0;
    }

    private static void Tokenizer()
    {
        string data = Environment.GetEnvironmentVariable("PLATFORM_TEST_DATA") ?? Path.Combine("..", "shared", "data");
        string corpus = Path.Combine(data, "collections", "scifact", "corpus.jsonl");
        if (!File.Exists(corpus))
        {
            Console.WriteLine($"tokenizer: not measured, '{corpus}' is not here; set PLATFORM_TEST_DATA.");
            return;
        }

        string[] texts = [.. File.ReadLines(corpus).Take(3000)];
        long bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        long start = Stopwatch.GetTimestamp();
        BpeVocabulary vocabulary = Read(Path.Combine(data, "llama3-tokenizer", "llama3.tiktoken"));
        TimeSpan load = Stopwatch.GetElapsedTime(start);
        var tokenizer = new BpeTokenizer(vocabulary);
        TimeSpan fastest = TimeSpan.MaxValue;
        long tokens = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            start = Stopwatch.GetTimestamp();
            tokens = texts.Sum(text => (long)tokenizer.Encode(text, int.MaxValue).Count);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            fastest = time < fastest ? time : fastest;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"tokenizer, one thread: {bytes / fastest.TotalSeconds / 1e6:F1} MB/s, {tokens / fastest.TotalSeconds / 1e6:F2} M tokens/s ({bytes / 1e6:F1} MB, {tokens:N0} tokens); vocabulary read in {load.TotalMilliseconds:F0} ms"));
    }

    private static BpeVocabulary Read(string ranks)
    {
        string folder = Directory.CreateTempSubdirectory("platform-tokenizer-").FullName;
        try
        {
            File.Copy(ranks, Path.Combine(folder, TokenizerFiles.TiktokenFile));
            return TokenizerFiles.Find(folder)!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Name, byte[] Header)> Headers()
    {
        yield return ("a header whose JSON breaks off in its middle", Filled("{\"a\":{\"dtype\":\"F32\"", (byte)' ', ""));
        yield return ("a header nested to the end", Filled("{\"a\":", (byte)'[', ""));
        yield return ("a header that is one name", Filled("{\"", (byte)'x', "\":1}"));
        yield return ("a header of spaces, no tensor, data left over", Filled("{", (byte)' ', "}"));
    }

    private static byte[] Filled(string start, byte filling, string end)
    {
        byte[] header = new byte[HeaderBytes];
        header.AsSpan().Fill(filling);
        Encoding.ASCII.GetBytes(start).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(end).CopyTo(header, HeaderBytes - end.Length);
        return header;
    }

    private static void Refusal(string name, byte[] header)
    {
        string folder = Directory.CreateTempSubdirectory("platform-hostile-").FullName;
        try
        {
            using (FileStream file = File.Create(Path.Combine(folder, Checkpoint.SingleFile)))
            {
                byte[] length = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
                file.Write(length);
                file.Write(header);
                file.WriteByte(0);
            }

            long start = Stopwatch.GetTimestamp();
            string told = "accepted";
            try
            {
                _ = Checkpoint.Open(folder);
            }
            catch (CheckpointException refusal)
            {
                told = refusal.Faults[0];
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms for {HeaderBytes:N0} bytes, {told[..Math.Min(90, told.Length)]}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
