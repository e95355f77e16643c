using Platform.Encoders.Contract;

namespace Platform.Encoders.Text;

/// <summary>Turns queries and documents into the token ids that a contract prescribes. One thread at a time uses an instance.</summary>
public sealed class ContractTokenizer(BpeTokenizer tokenizer, EncoderContract contract)
{
    private const string TitlePlace = "{title}";
    private const string TextPlace = "{text}";

    /// <summary>BOS, prefix and query, EOS; cut so that all of them fit into <c>MaxQueryTokens</c>.</summary>
    public int[] EncodeQuery(string text, CancellationToken cancellationToken = default) =>
        Encode(contract.QueryPrefix, text, contract.MaxQueryTokens, cancellationToken);

    /// <summary>BOS, prefix and the document by its template, EOS; cut so that all of them fit into <c>MaxPassageTokens</c>.</summary>
    /// <param name="title">The title; null or empty where there is none.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public int[] EncodePassage(string? title, string text, CancellationToken cancellationToken = default) =>
        Encode(contract.PassagePrefix, Render(contract.DocumentTemplate, title ?? "", text), contract.MaxPassageTokens, cancellationToken);

    /// <summary>A template with its places filled, once: a title that says <c>{text}</c> stays as it is.</summary>
    internal static string Render(string template, string title, string text)
    {
        var rendered = new System.Text.StringBuilder(template.Length + title.Length + text.Length);
        for (int i = 0; i < template.Length;)
        {
            ReadOnlySpan<char> rest = template.AsSpan(i);
            (string piece, int length) = rest.StartsWith(TitlePlace) ? (title, TitlePlace.Length)
                : rest.StartsWith(TextPlace) ? (text, TextPlace.Length)
                : (template[i].ToString(), 1);
            rendered.Append(piece);
            i += length;
        }

        return rendered.ToString().Trim();
    }

    private int[] Encode(string prefix, string text, int maxTokens, CancellationToken cancellationToken)
    {
        int room = maxTokens - (contract.Bos is null ? 0 : 1) - (contract.Eos is null ? 0 : 1);
        IReadOnlyList<int> ids = tokenizer.Encode(prefix + text, room, cancellationToken);   // as one text: a word joins the space before it
        return [.. contract.Bos is { } bos ? [bos] : (int[])[], .. ids, .. contract.Eos is { } eos ? [eos] : (int[])[]];
    }
}
