using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Platform.Encoders.Text;

/// <summary>Finds and reads the tokenizer of a model folder: <c>tokenizer.json</c>, or a .tiktoken file.</summary>
public static class TokenizerFiles
{
    /// <summary>Hugging Face's form.</summary>
    public const string JsonFile = "tokenizer.json";

    /// <summary>tiktoken's form, under the name that Meta's own releases use.</summary>
    public const string TiktokenFile = "tokenizer.model";

    /// <summary>The special tokens of a tiktoken file: a JSON object of names and ids. Without it there are none.</summary>
    public const string SpecialTokensFile = "special_tokens.json";

    private const int MaxBytes = 64 << 20;
    private const string FetchAgain = "Fetch the file again.";

    /// <summary>Reads a folder's tokenizer; null if it holds none.</summary>
    /// <exception cref="TokenizerException">It is damaged or of a kind that is not supported.</exception>
    public static BpeVocabulary? Find(string directory)
    {
        string json = Path.Combine(directory, JsonFile);
        string tiktoken = Path.Combine(directory, TiktokenFile);
        string special = Path.Combine(directory, SpecialTokensFile);
        return File.Exists(json) ? ReadJson(json)
            : File.Exists(tiktoken) ? ReadTiktoken(tiktoken, File.Exists(special) ? special : null)
            : null;
    }

    /// <summary>Reads a Hugging Face <c>tokenizer.json</c> with a byte-level BPE model.</summary>
    /// <exception cref="TokenizerException">It is damaged or of a kind that is not supported.</exception>
    public static BpeVocabulary ReadJson(string path)
    {
        byte[] content = ReadAll(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            return TokenizerJson.Read(path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw TokenizerException.Of(path, $"is no tokenizer.json: {e.Message.TrimEnd('.')}", FetchAgain, e);
        }
    }

    /// <summary>Reads a .tiktoken file: a line a token, its bytes in base64 and its rank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="specialTokensPath">A JSON object of names and ids, or null for no special tokens.</param>
    /// <param name="pattern">The rule for cutting text before merging.</param>
    /// <exception cref="TokenizerException">It is damaged or something else.</exception>
    public static BpeVocabulary ReadTiktoken(string path, string? specialTokensPath = null, string pattern = BpeVocabulary.Llama3Pattern)
    {
        byte[] content = ReadAll(path);
        List<byte[]> tokens = [];
        foreach (Range range in content.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = content.AsSpan()[range].TrimEnd((byte)'\r');
            if (line.Length == 0)
            {
                continue;
            }

            int space = line.IndexOf((byte)' ');
            byte[] token = new byte[Math.Max(0, space)];
            bool isToken = space > 0
                && Base64.DecodeFromUtf8(line[..space], token, out _, out int length) == System.Buffers.OperationStatus.Done
                && length > 0
                && Utf8Parser.TryParse(line[(space + 1)..], out int rank, out int consumed)
                && consumed == line.Length - space - 1
                && rank == tokens.Count
                && tokens.Count < BpeVocabulary.MaxTokens;
            if (!isToken)
            {
                throw TokenizerException.Of(
                    path,
                    $"has no token of rank {tokens.Count} at line {tokens.Count + 1}; a line is base64, a space and the rank, ranks rising from 0 to at most {BpeVocabulary.MaxTokens - 1}",
                    "Use the model's tokenizer.json; a SentencePiece tokenizer.model is not supported.");
            }

            Base64.DecodeFromUtf8(line[..space], token, out _, out int bytes);
            tokens.Add(token[..bytes]);
        }

        return new BpeVocabulary(path, [.. tokens], pattern, ReadSpecialTokens(specialTokensPath));
    }

    private static Dictionary<string, int> ReadSpecialTokens(string? path)
    {
        if (path is null)
        {
            return [];
        }

        byte[] content = ReadAll(path);
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(content) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw TokenizerException.Of(path, $"is no JSON object of names and ids: {e.Message.TrimEnd('.')}", FetchAgain, e);
        }
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw TokenizerException.Of(path, string.Create(CultureInfo.InvariantCulture, $"has {length} bytes; the limit is {MaxBytes}"), FetchAgain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TokenizerException.Of(path, $"can't be read: {e.Message.TrimEnd('.')}", "Check the path and the file's permissions.", e);
        }
    }
}
