namespace Platform.Encoders.Contract;

/// <summary>The contracts of published model families.</summary>
public static class ContractPresets
{
    private const int Llama3Bos = 128000;
    private const string TitleAndText = "{title} {text}";

    /// <summary>Names for a command line: each preset by name, given the model's hidden size.</summary>
    public static IReadOnlyDictionary<string, Func<int, EncoderContract>> ByName { get; } = new Dictionary<string, Func<int, EncoderContract>>
    {
        ["lion-dense"] = _ => LionDense(),
        ["lion-sparse"] = LionSparse,
        ["laconic"] = Laconic,
    };

    /// <summary>Lion, sparse, at its BEIR lengths. Zeng et al. 2025, arXiv:2502.15526.</summary>
    /// <param name="hiddenSize">The model's; it gives the logit scale hidden^(-1/4).</param>
    public static EncoderContract LionSparse(int hiddenSize) => LionDense() with
    {
        Head = EncoderHead.Sparse,
        LogitScale = Math.Pow(hiddenSize, -0.25),
        Pooling = Pooling.Max,
        Normalisation = Normalisation.None,
        Temperature = 1,
    };

    /// <summary>Lion, dense, at its BEIR lengths. Zeng et al. 2025, arXiv:2502.15526.</summary>
    public static EncoderContract LionDense() => new()
    {
        Bos = Llama3Bos,
        Eos = null,
        QueryPrefix = "",
        PassagePrefix = "",
        MaxQueryTokens = 512,
        MaxPassageTokens = 512,
        DocumentTemplate = TitleAndText,
        Head = EncoderHead.Dense,
        LogitScale = 1,
        Pooling = Pooling.Mean,
        Normalisation = Normalisation.Token,
        Attention = Attention.Bidirectional,
        Temperature = 0.01,
        TopQueryTerms = null,
        TopPassageTerms = null,
    };

    /// <summary>LACONIC, sparse: prefixes, and no BOS (with one, SciFact nDCG@10 falls from 0.752 to 0.022).</summary>
    /// <remarks>Its head and logit scale are taken to be Lion's; compare with the checkpoint's own description.</remarks>
    /// <param name="hiddenSize">The model's; it gives the logit scale hidden^(-1/4).</param>
    public static EncoderContract Laconic(int hiddenSize) => LionSparse(hiddenSize) with
    {
        Bos = null,
        QueryPrefix = "query: ",
        PassagePrefix = "passage: ",
        MaxQueryTokens = 192,
        MaxPassageTokens = 192,
    };
}
