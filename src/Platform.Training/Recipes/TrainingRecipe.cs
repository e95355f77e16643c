using Platform.Encoders.Contract;
using Platform.Training.Losses;

namespace Platform.Training.Recipes;

/// <summary>All that decides a training run: the same recipe and data on the same machine give the same weights.</summary>
/// <remarks>A JSON file, read strictly by <see cref="RecipeFile"/>. Defaults are those of METHOD 6 where it names one.</remarks>
public sealed record TrainingRecipe
{
    /// <summary>The id under which the result enters the model store.</summary>
    public required string Name { get; init; }

    /// <summary>The parent: <c>id/version</c> or <c>id@version</c> of the store, or a folder relative to the recipe. Null with <see cref="Create"/>.</summary>
    public string? Base { get; init; }

    /// <summary>A new model in place of a parent.</summary>
    public ModelRecipe? Create { get; init; }

    /// <summary>What is trained: masked tokens, or retrieval. Default retrieval.</summary>
    public TrainingStage Stage { get; init; } = TrainingStage.Retrieval;

    /// <summary>The head. Default sparse.</summary>
    public EncoderHead Head { get; init; } = EncoderHead.Sparse;

    /// <summary>The ranking loss. Default contrastive.</summary>
    public Objective Objective { get; init; }

    /// <summary>Where examples come from, 1 or more.</summary>
    public required IReadOnlyList<DataRecipe> Data { get; init; }

    /// <summary>Who gave the scores in the data: name, revision and scale; needed where the objective distils.</summary>
    public TeacherRecipe? Teacher { get; init; }

    /// <summary>Optimiser steps, 1 or more.</summary>
    public required int Steps { get; init; }

    /// <summary>Queries of a step, or blocks of masked tokens; 1 to 65,536.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Batches whose gradients are summed before the optimiser steps; each is an InfoNCE of its own. Default 1.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Hard negatives a query, 0 to 1,000. Default 0.</summary>
    public int Negatives { get; init; }

    /// <summary>The most tokens computed at once; the gradient cache does the rest. Default 16,384.</summary>
    public int ChunkTokens { get; init; } = 16_384;

    /// <summary>Whether layers are computed again on the way back, to save memory. Default false.</summary>
    public bool RecomputeLayers { get; init; }

    /// <summary>Tokens of a query, 3 to the model's positions. Default 64.</summary>
    public int MaxQueryTokens { get; init; } = 64;

    /// <summary>Tokens of a passage, 3 to the model's positions. Default 128.</summary>
    public int MaxPassageTokens { get; init; } = 128;

    /// <summary>Divides scores in the losses; null for 0.01 with a dense head and 1 with a sparse one.</summary>
    public double? Temperature { get; init; }

    /// <summary>The highest learning rate. Default 1e-4.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>The part of the steps in which the rate rises, 0 to 1. Default 0.04.</summary>
    public double Warmup { get; init; } = 0.04;

    /// <summary>Weight decay of matrices, 0 to 1. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The largest norm of all gradients together; above 0. Default 1.</summary>
    public double GradientNorm { get; init; } = 1;

    /// <summary>Adapters in place of all weights; null for all weights.</summary>
    public LoraRecipe? Lora { get; init; }

    /// <summary>Whether the output head gets no gradient. Default false; with adapters it never gets one.</summary>
    public bool FreezeHead { get; init; }

    /// <summary>The sparsity of a sparse head.</summary>
    public SparsityRecipe Sparsity { get; init; } = new();

    /// <summary>Masking, for the stage of that name.</summary>
    public MaskingRecipe Masking { get; init; } = new();

    /// <summary>The development set; null for none: then the last weights are the result.</summary>
    public DevelopmentRecipe? Development { get; init; }

    /// <summary>Checkpoints.</summary>
    public CheckpointRecipe Checkpoints { get; init; } = new();

    /// <summary>Whether the result's weights are stored as bfloat16. Default false: float32.</summary>
    public bool HalfPrecision { get; init; }

    /// <summary>Decides the order of data, masks, dropout and new weights.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The temperature that holds.</summary>
    internal double TemperatureOrDefault => Temperature ?? (Head == EncoderHead.Dense ? 0.01 : 1);

    /// <summary>Negatives a query that the objective takes.</summary>
    internal int NegativesTaken => Objective == Objective.MarginMse ? 1 : Negatives;
}

/// <summary>What is trained.</summary>
public enum TrainingStage
{
    /// <summary>Queries and passages, with one of the ranking losses.</summary>
    Retrieval,

    /// <summary>MNTP: masked tokens of packed passages.</summary>
    MaskedTokens,
}

/// <summary>Who scored the training passages.</summary>
/// <param name="Name">For example <c>cross-encoder/ms-marco-MiniLM-L-6-v2</c>.</param>
/// <param name="Revision">Which version of it.</param>
/// <param name="Scale">What its numbers are, for example <c>raw logits</c>.</param>
public sealed record TeacherRecipe(string Name, string Revision, string Scale);

/// <summary>The FLOPS regulariser, ramped over the first third of the steps.</summary>
public sealed record SparsityRecipe
{
    /// <summary>Its weight for queries. Default 0.05.</summary>
    public double Queries { get; init; } = 0.05;

    /// <summary>Its weight for passages. Default 0.04.</summary>
    public double Passages { get; init; } = 0.04;

    /// <summary>Wanted non-zeros of a query, for which its weight is adjusted; null leaves it.</summary>
    public double? TargetQueryTerms { get; init; }

    /// <summary>Wanted non-zeros of a passage, for which its weight is adjusted; null leaves it.</summary>
    public double? TargetPassageTerms { get; init; }
}

/// <summary>Masked next-token prediction.</summary>
public sealed record MaskingRecipe
{
    /// <summary>Tokens of a block. Default 512.</summary>
    public int Length { get; init; } = 512;

    /// <summary>The chance of a token to be chosen. Default 0.2.</summary>
    public double Part { get; init; } = 0.2;

    /// <summary>The token that stands for a hidden one. Default <c>_</c>.</summary>
    public string Token { get; init; } = "_";
}

/// <summary>What the weights are judged by while they are trained: nDCG@10 through a real index.</summary>
public sealed record DevelopmentRecipe
{
    /// <summary>A BEIR folder, relative to the recipe; null for the .NET reference's own development queries.</summary>
    public string? Collection { get; init; }

    /// <summary>The split of the folder. Default dev.</summary>
    public string Split { get; init; } = "dev";

    /// <summary>Steps between two evaluations, 1 or more. Default 500.</summary>
    public int Every { get; init; } = 500;

    /// <summary>Queries taken, from the start. Default 300.</summary>
    public int Queries { get; init; } = 300;

    /// <summary>Documents taken: the relevant ones first, then others from the start. Default 10,000.</summary>
    public int Documents { get; init; } = 10_000;
}

/// <summary>When the state is saved.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>Steps between two, 1 or more. Default 200.</summary>
    public int Every { get; init; } = 200;

    /// <summary>How many of the last ones stay, 1 or more. Default 3.</summary>
    public int Keep { get; init; } = 3;
}
