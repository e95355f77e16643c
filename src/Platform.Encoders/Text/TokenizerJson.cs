using System.Text.Json;

namespace Platform.Encoders.Text;

/// <summary>Reads a <c>tokenizer.json</c>, and refuses whatever would make its ids differ from those computed here.</summary>
/// <remarks>
/// Supported: a BPE model with <c>ignore_merges</c>, no normaliser, a Split by a regular expression followed by ByteLevel without regex or
/// prefix space, special added tokens. Merging here goes by the rank of the result. That is what the file says if its merges produce
/// tokens in the order of their ids and hold every way to make a token of two others; both are checked.
/// </remarks>
internal static class TokenizerJson
{
    private const string UseLlama3 = "Supported are byte-level BPE files such as Llama 3's.";

    /// <summary>Reads the parsed file.</summary>
    public static BpeVocabulary Read(string path, JsonElement root)
    {
        Demand(path, IsAbsent(root, "normalizer"), "has a normalizer");
        string pattern = ReadPattern(path, root.GetProperty("pre_tokenizer"));
        JsonElement model = root.GetProperty("model");
        Demand(path, TextOf(model, "type") == "BPE", $"has a model of type {ModelFileException.Quote(TextOf(model, "type") ?? "none")}");
        Demand(path, IsTrue(model, "ignore_merges"), "has a BPE model without ignore_merges");
        Demand(path, !IsTrue(model, "byte_fallback") && !IsTrue(model, "fuse_unk"), "has a BPE model with byte_fallback or fuse_unk");
        Demand(path, IsAbsent(model, "dropout"), "has a BPE model with dropout");
        Demand(
            path,
            IsAbsent(model, "continuing_subword_prefix") && IsAbsent(model, "end_of_word_suffix"),
            "has a BPE model with a subword prefix or a word suffix");

        Dictionary<string, int> special = ReadAddedTokens(path, root);
        Dictionary<string, int> ids = ReadVocabulary(path, model, special);
        CheckMerges(path, model.GetProperty("merges"), ids);
        byte[][] tokens = new byte[ids.Count][];
        foreach ((string text, int id) in ids)
        {
            Demand(path, id < tokens.Length, $"has token {ModelFileException.Quote(text)} at id {id} among {tokens.Length} tokens, so that ids have gaps");
            tokens[id] = ByteAlphabet.BytesOf(text)
                ?? throw TokenizerException.Of(path, $"has token {ModelFileException.Quote(text)}, which is not written in the byte-level alphabet", UseLlama3);
        }

        return new BpeVocabulary(path, tokens, pattern, special);
    }

    private static string ReadPattern(string path, JsonElement preTokenizer)
    {
        JsonElement[] steps = TextOf(preTokenizer, "type") == "Sequence" ? [.. preTokenizer.GetProperty("pretokenizers").EnumerateArray()] : [];
        Demand(
            path,
            steps.Length == 2 && TextOf(steps[0], "type") == "Split" && TextOf(steps[1], "type") == "ByteLevel",
            "has a pre_tokenizer other than a Sequence of Split and ByteLevel");
        Demand(
            path,
            TextOf(steps[0], "behavior") == "Isolated" && !IsTrue(steps[0], "invert") && !IsTrue(steps[1], "use_regex") && !IsTrue(steps[1], "add_prefix_space"),
            "has a pre_tokenizer with a Split other than Isolated, or a ByteLevel with use_regex or add_prefix_space");
        return TextOf(steps[0].GetProperty("pattern"), "Regex")
            ?? throw TokenizerException.Of(path, "has a Split without a Regex", UseLlama3);
    }

    private static Dictionary<string, int> ReadAddedTokens(string path, JsonElement root)
    {
        Dictionary<string, int> special = [];
        if (!root.TryGetProperty("added_tokens", out JsonElement added))
        {
            return special;
        }

        foreach (JsonElement token in added.EnumerateArray())
        {
            string content = TextOf(token, "content") ?? "";
            Demand(path, IsTrue(token, "special"), $"has the added token {ModelFileException.Quote(content)}, which is not special");
            Demand(path, content.Length > 0 && special.TryAdd(content, token.GetProperty("id").GetInt32()), $"has the added token {ModelFileException.Quote(content)} twice or without content");
        }

        return special;
    }

    private static Dictionary<string, int> ReadVocabulary(string path, JsonElement model, Dictionary<string, int> special)
    {
        Dictionary<string, int> ids = [];
        foreach (JsonProperty token in model.GetProperty("vocab").EnumerateObject())
        {
            int id = token.Value.GetInt32();
            Demand(path, id >= 0 && ids.Count < BpeVocabulary.MaxTokens, $"has id {id}, or more than {BpeVocabulary.MaxTokens} tokens");
            if (!special.ContainsKey(token.Name))
            {
                ids.Add(token.Name, id);
            }
        }

        return ids;
    }

    private static void CheckMerges(string path, JsonElement merges, Dictionary<string, int> ids)
    {
        HashSet<(string, string)> pairs = [];
        int last = -1;
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            (string left, string right) = PairOf(path, merge);
            Demand(
                path,
                ids.ContainsKey(left) && ids.ContainsKey(right) && ids.TryGetValue(left + right, out int id) && id >= last,
                $"has the merge of {ModelFileException.Quote(left)} and {ModelFileException.Quote(right)} out of the order of its tokens' ids, or of no tokens");
            last = ids[left + right];
            pairs.Add((left, right));
        }

        foreach (string token in ids.Keys)
        {
            for (int cut = 1; cut < token.Length; cut++)
            {
                (string left, string right) = (token[..cut], token[cut..]);
                Demand(
                    path,
                    !ids.ContainsKey(left) || !ids.ContainsKey(right) || pairs.Contains((left, right)),
                    $"lacks the merge of {ModelFileException.Quote(left)} and {ModelFileException.Quote(right)}, which together are a token");
            }
        }
    }

    /// <summary>A merge is <c>"a b"</c> in older files and <c>["a", "b"]</c> in newer ones.</summary>
    private static (string Left, string Right) PairOf(string path, JsonElement merge)
    {
        string[] parts = merge.ValueKind == JsonValueKind.Array
            ? [.. merge.EnumerateArray().Select(part => part.GetString() ?? "")]
            : (merge.GetString() ?? "").Split(' ');
        Demand(path, parts.Length == 2, $"has a merge of {parts.Length} parts");
        return (parts[0], parts[1]);
    }

    private static void Demand(string path, bool holds, string found)
    {
        if (!holds)
        {
            throw TokenizerException.Of(path, $"{found}, which is not supported", UseLlama3);
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsTrue(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static bool IsAbsent(JsonElement element, string name) => !element.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null;
}
