namespace Platform.Training.Recipes;

/// <summary>Low-rank adapters in place of all weights. Hu et al. 2021, arXiv:2106.09685; the defaults are METHOD 5's.</summary>
public sealed record LoraRecipe
{
    /// <summary>Every projection of a layer.</summary>
    public static IReadOnlyList<string> AllTargets { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Rows of A and columns of B, 1 to 4,096. Default 16.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The addition is alpha / rank times B A; above 0. Default 32.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>Chance of an input of an adapter to be dropped, 0 to below 1. Default 0.05.</summary>
    public double Dropout { get; init; } = 0.05;

    /// <summary>The projections that get adapters. Default all seven.</summary>
    public IReadOnlyList<string> Targets { get; init; } = AllTargets;
}
