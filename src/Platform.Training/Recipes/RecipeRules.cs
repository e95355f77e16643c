using System.Globalization;
using Platform.Encoders.Contract;
using Platform.Encoders.Models;
using Platform.Training.Losses;

namespace Platform.Training.Recipes;

/// <summary>What a recipe must keep to.</summary>
internal static class RecipeRules
{
    /// <summary>Every broken rule, in words.</summary>
    public static IReadOnlyList<string> FaultsOf(TrainingRecipe recipe)
    {
        List<string> faults = [];
        void In(string field, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{field} is {value}; it must be {least} to {most}"));
            }
        }

        if (recipe.Name.Length is 0 or > 128 || recipe.Name[0] == '.' || !recipe.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            faults.Add($"name is '{recipe.Name}'; it must be {ModelStore.NameRule}");
        }

        if (recipe.Base is null == recipe.Create is null)
        {
            faults.Add("exactly one of base and create must be given");
        }

        In("steps", recipe.Steps, 1, 100_000_000);
        In("batch", recipe.Batch, recipe is { Stage: TrainingStage.Retrieval, Objective: Objective.Contrastive, Negatives: 0 } ? 2 : 1, 65_536);
        In("accumulation", recipe.Accumulation, 1, 65_536);
        In("negatives", recipe.Negatives, 0, 1000);
        In("chunkTokens", recipe.ChunkTokens, 1, 1 << 24);
        In("maxQueryTokens", recipe.MaxQueryTokens, 3, 131_072);
        In("maxPassageTokens", recipe.MaxPassageTokens, 3, 131_072);
        In("temperature", recipe.TemperatureOrDefault, 1e-4, 1000);
        In("learningRate", recipe.LearningRate, 1e-9, 1);
        In("warmup", recipe.Warmup, 0, 1);
        In("weightDecay", recipe.WeightDecay, 0, 1);
        In("gradientNorm", recipe.GradientNorm, 1e-6, 1e6);
        In("sparsity.queries", recipe.Sparsity.Queries, 0, 1e6);
        In("sparsity.passages", recipe.Sparsity.Passages, 0, 1e6);
        In("sparsity.targetQueryTerms", recipe.Sparsity.TargetQueryTerms ?? 1, 1, 1e6);
        In("sparsity.targetPassageTerms", recipe.Sparsity.TargetPassageTerms ?? 1, 1, 1e6);
        In("masking.length", recipe.Masking.Length, 2, 131_072);
        In("masking.part", recipe.Masking.Part, 0.01, 1);
        In("checkpoints.every", recipe.Checkpoints.Every, 1, 1_000_000);
        In("checkpoints.keep", recipe.Checkpoints.Keep, 1, 1000);
        AddDataFaults(recipe, faults);
        AddPartFaults(recipe, faults, In);
        return faults;
    }

    private static void AddDataFaults(TrainingRecipe recipe, List<string> faults)
    {
        if (recipe.Data.Count == 0)
        {
            faults.Add("data is empty; name one source or more");
        }

        for (int i = 0; i < recipe.Data.Count; i++)
        {
            DataRecipe source = recipe.Data[i];
            if (source.File is null == source.DotNetReference is null)
            {
                faults.Add($"data[{i}] must have exactly one of file and dotNetReference");
            }

            if (source.DotNetReference is { } dotnet && (dotnet.HeldOut < 1000 || dotnet.Development < 0))
            {
                faults.Add($"data[{i}].dotNetReference holds out {dotnet.HeldOut} queries and keeps {dotnet.Development} for development; the first must be 1000 or more, so that the demo's queries stay unseen, the second 0 or more");
            }

            if (source.Limit < 1)
            {
                faults.Add($"data[{i}].limit is {source.Limit}; it must be 1 or more");
            }
        }

        if (recipe is { Stage: TrainingStage.Retrieval, Teacher: null } && recipe.Objective.NeedsTeacher())
        {
            faults.Add($"objective {recipe.Objective} distils; teacher must say who gave the scores: name, revision, scale");
        }

        if (recipe is { Stage: TrainingStage.Retrieval, Objective: Objective.KlDivergence or Objective.ContrastiveAndKl, Negatives: 0 })
        {
            faults.Add($"objective {recipe.Objective} compares a query's own passages; negatives must be 1 or more");
        }
    }

    private static void AddPartFaults(TrainingRecipe recipe, List<string> faults, Action<string, double, double, double> check)
    {
        if (recipe.Create is { } shape)
        {
            check("create.vocabulary", shape.Vocabulary, 512, 131_072);
            check("create.hidden", shape.Hidden, 8, 8192);
            check("create.layers", shape.Layers, 1, 128);
            check("create.intermediate", shape.Intermediate, 8, 65_536);
            check("create.maxPositions", shape.MaxPositions, Math.Max(recipe.MaxPassageTokens, recipe.MaxQueryTokens), 131_072);
            if (shape.Heads < 1 || shape.KeyValueHeads < 1 || shape.Hidden % (2 * shape.Heads) != 0 || shape.Heads % shape.KeyValueHeads != 0)
            {
                faults.Add($"create has {shape.Heads} heads and {shape.KeyValueHeads} key-value heads at hidden {shape.Hidden}; hidden must be a multiple of twice the heads, and the heads of the key-value heads");
            }

            if (shape.Start == ModelStart.Lexical && recipe.Head == EncoderHead.Dense)
            {
                faults.Add("create.start is lexical, which gives weights of terms; a dense head starts random");
            }
        }

        if (recipe.Lora is { } lora)
        {
            check("lora.rank", lora.Rank, 1, 4096);
            check("lora.alpha", lora.Alpha, 1e-6, 1e6);
            check("lora.dropout", lora.Dropout, 0, 0.99);
            faults.AddRange(lora.Targets.Where(target => !LoraRecipe.AllTargets.Contains(target)).Select(target => $"lora.targets has '{target}'; known are {string.Join(", ", LoraRecipe.AllTargets)}"));
            if (lora.Targets.Count == 0)
            {
                faults.Add("lora.targets is empty; name one or more");
            }
        }

        if (recipe.Development is { } development)
        {
            check("development.every", development.Every, 1, 100_000_000);
            check("development.queries", development.Queries, 1, 1_000_000);
            check("development.documents", development.Documents, 1, 10_000_000);
        }
    }
}
