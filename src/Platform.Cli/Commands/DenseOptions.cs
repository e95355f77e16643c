using System.CommandLine;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands;

/// <summary>An index's dense vectors, by options.</summary>
internal sealed class DenseOptions
{
    private readonly Option<int?> _dimensions = new("--dense-dimensions")
    {
        HelpName = "N",
        Description = "Components of given dense vectors, 1 to 4,096. Without it, and without a dense model, the index keeps none.",
    };

    private readonly Option<string> _precision = new("--dense-precision")
    {
        HelpName = "NAME",
        Description = "How dense vectors are kept: float32, float16, bfloat16 or int8. Scores are exact for what is kept.",
        DefaultValueFactory = _ => "float32",
    };

    private readonly Option<string> _similarity = new("--dense-similarity")
    {
        HelpName = "NAME",
        Description = "What a dense score is: inner_product, or cosine.",
        DefaultValueFactory = _ => "inner_product",
    };

    private readonly Option<string?> _encoder = new("--dense-encoder")
    {
        HelpName = "MODEL",
        Description = "A model with a dense head, id@version, that turns text into dense vectors beside what --encoder makes of it.",
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_dimensions, _precision, _similarity, _encoder];

    /// <summary>What they say; null if none was given.</summary>
    public DenseSpec? Read(ParseResult arguments) => All.All(option => arguments.GetResult(option) is null or { Implicit: true }) ? null : new DenseSpec
    {
        Dimensions = arguments.GetValue(_dimensions),
        Precision = arguments.GetRequiredValue(_precision),
        Similarity = arguments.GetRequiredValue(_similarity),
        Encoder = arguments.GetValue(_encoder),
    };

    /// <summary>An end of a sentence about an index; empty without dense vectors.</summary>
    public static string Describe(DenseSpec? dense) => dense is null
        ? ""
        : $", dense vectors {dense.Dimensions} x {dense.Precision}{(dense.Encoder is null ? "" : $" of {dense.Encoder}")}";
}
