using Platform.Training.Data;

namespace Platform.Training.Recipes;

/// <summary>One source of training examples: a file, or the .NET reference documentation. Exactly one of the two is named.</summary>
public sealed record DataRecipe
{
    /// <summary>A file of examples, relative to the recipe.</summary>
    public string? File { get; init; }

    /// <summary>The file's layout; null takes that of its first line.</summary>
    public TrainingFormat? Format { get; init; }

    /// <summary>A BEIR folder, relative to the recipe, that has the texts of the passages that the file names by id; null where it carries them.</summary>
    public string? Collection { get; init; }

    /// <summary>How the source may be used, for the model's card.</summary>
    public string? Licence { get; init; }

    /// <summary>Summaries of .NET members as queries, signatures and remarks as passages.</summary>
    public DotNetRecipe? DotNetReference { get; init; }

    /// <summary>The most examples taken, from the start; null for all.</summary>
    public int? Limit { get; init; }
}

/// <summary>Which part of the .NET reference documentation is trained on.</summary>
public sealed record DotNetRecipe
{
    /// <summary>Queries held out, those that <c>demo</c> and <c>eval</c> draw first; default 1,000 and at least that.</summary>
    public int HeldOut { get; init; } = 1000;

    /// <summary>Queries after these that are kept for the development set, and neither trained on. Default 300.</summary>
    public int Development { get; init; } = 300;
}
