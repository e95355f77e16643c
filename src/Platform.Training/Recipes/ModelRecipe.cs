namespace Platform.Training.Recipes;

/// <summary>A new model's shape; its vocabulary is learned from the training text.</summary>
public sealed record ModelRecipe
{
    /// <summary>Tokens of the vocabulary, special ones included, 512 to 131,072.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Width of the residual stream, 8 to 8,192.</summary>
    public required int Hidden { get; init; }

    /// <summary>Transformer layers, 1 to 128.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads; divides <see cref="Hidden"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Key-value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width inside the SwiGLU block, 8 to 65,536.</summary>
    public required int Intermediate { get; init; }

    /// <summary>Positions, 8 to 131,072.</summary>
    public int MaxPositions { get; init; } = 512;

    /// <summary>The weights before the first step. Default random.</summary>
    public ModelStart Start { get; init; }
}

/// <summary>The weights of a new model.</summary>
public enum ModelStart
{
    /// <summary>Normally distributed.</summary>
    Random,

    /// <summary>Such that the model matches words before any training, see <c>Starts/LexicalStart.cs</c>.</summary>
    Lexical,
}
