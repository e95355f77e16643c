using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Encoders.Text;

/// <summary>Writes a byte-level BPE vocabulary as a <c>tokenizer.json</c> that Hugging Face's tokenizers read to the same ids.</summary>
/// <remarks>The inverse of <see cref="TokenizerFiles.ReadJson"/>: every way to make a token of two others is a merge, in the order of results.</remarks>
public static class TokenizerJsonWriter
{
    /// <summary>The file's content, UTF-8.</summary>
    /// <param name="tokens">The ordinary tokens' bytes, by id.</param>
    /// <param name="pattern">Cuts text before merging.</param>
    /// <param name="specialTokens">Names, whose ids follow the ordinary ones in this order.</param>
    public static byte[] Write(IReadOnlyList<byte[]> tokens, string pattern, IReadOnlyList<string> specialTokens)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            WriteSpecialTokens(json, tokens.Count, specialTokens);
            json.WriteNull("normalizer");
            WritePreTokenizer(json, pattern);
            json.WriteNull("post_processor");
            json.WriteStartObject("decoder");
            json.WriteString("type", "ByteLevel");
            json.WriteBoolean("add_prefix_space", true);
            json.WriteBoolean("trim_offsets", true);
            json.WriteBoolean("use_regex", true);
            json.WriteEndObject();
            WriteModel(json, [.. tokens.Select(token => ByteAlphabet.TextOf(token))]);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteSpecialTokens(Utf8JsonWriter json, int first, IReadOnlyList<string> names)
    {
        json.WriteStartArray("added_tokens");
        for (int i = 0; i < names.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", first + i);
            json.WriteString("content", names[i]);
            foreach (string rule in (string[])["single_word", "lstrip", "rstrip", "normalized"])
            {
                json.WriteBoolean(rule, false);
            }

            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePreTokenizer(Utf8JsonWriter json, string pattern)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", pattern);
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", false);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string[] texts)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", true);
        json.WriteStartObject("vocab");
        for (int id = 0; id < texts.Length; id++)
        {
            json.WriteNumber(texts[id], id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        HashSet<string> known = [.. texts];
        foreach (string text in texts)
        {
            for (int cut = 1; cut < text.Length; cut++)
            {
                if (known.Contains(text[..cut]) && known.Contains(text[cut..]))
                {
                    json.WriteStartArray();
                    json.WriteStringValue(text[..cut]);
                    json.WriteStringValue(text[cut..]);
                    json.WriteEndArray();
                }
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
