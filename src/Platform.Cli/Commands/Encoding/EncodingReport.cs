namespace Platform.Cli.Commands.Encoding;

/// <summary>What <c>encode --json</c> says.</summary>
/// <param name="Model">The model as it was named.</param>
/// <param name="Head"><c>sparse</c> or <c>dense</c>.</param>
/// <param name="InputType"><c>query</c> or <c>document</c>.</param>
/// <param name="Tokens">Tokens of all texts, special ones included, after cutting.</param>
/// <param name="Vectors">One a text, in order.</param>
internal sealed record EncodingReport(string Model, string Head, string InputType, long Tokens, IReadOnlyList<TextVector> Vectors);

/// <summary>One text's vector: indices, values and terms of a sparse head, else the numbers of a dense one.</summary>
internal sealed record TextVector
{
    public required string Text { get; init; }

    /// <summary>Ids of the vocabulary's terms, ascending.</summary>
    public IReadOnlyList<int>? Indices { get; init; }

    /// <summary>One weight a term.</summary>
    public IReadOnlyList<float>? Values { get; init; }

    /// <summary>One text a term, empty for an id that is no term.</summary>
    public IReadOnlyList<string>? Terms { get; init; }

    public IReadOnlyList<float>? Dense { get; init; }
}
