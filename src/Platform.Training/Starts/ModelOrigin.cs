using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;
using Platform.Encoders.Text;
using Platform.Encoders.Weights;
using Platform.Training.Data;
using Platform.Training.Recipes;
using Platform.Training.Vocabulary;
using static TorchSharp.torch;

namespace Platform.Training.Starts;

/// <summary>What training begins with: a model of the store or of a folder, or a new one whose vocabulary is learned.</summary>
internal sealed class ModelOrigin
{
    private readonly TrainingRecipe _recipe;
    private readonly string? _folder;

    private ModelOrigin(TrainingRecipe recipe, string? folder, LlamaConfig config, BpeVocabulary vocabulary, EncoderContract contract)
    {
        _recipe = recipe;
        _folder = folder;
        Config = config;
        Vocabulary = vocabulary;
        Contract = contract;
    }

    /// <summary>The shape.</summary>
    public LlamaConfig Config { get; }

    /// <summary>The tokens.</summary>
    public BpeVocabulary Vocabulary { get; }

    /// <summary>How the result will encode.</summary>
    public EncoderContract Contract { get; }

    /// <summary>Files beside the weights that the result has too, by name.</summary>
    public required IReadOnlyDictionary<string, byte[]> Files { get; init; }

    /// <summary>The parent as the result's card names it; null for a new model.</summary>
    public required string? Parent { get; init; }

    /// <summary>Opens or makes it.</summary>
    /// <exception cref="ModelFileException">The parent is missing or damaged.</exception>
    /// <exception cref="RecipeException">Model and recipe do not fit.</exception>
    public static async Task<ModelOrigin> OpenAsync(TrainingRecipe recipe, string recipeFolder, ModelStore store, TrainingSources sources, CancellationToken cancellationToken) =>
        recipe.Base is { } parent
            ? OfParent(recipe, FolderOf(parent, recipeFolder, store), parent)
            : await OfNewAsync(recipe, recipe.Create!, sources, cancellationToken);

    /// <summary>The weights before the first step; the caller owns them.</summary>
    public LlamaWeights Weights(TokenisedData data)
    {
        using IDisposable noGrad = no_grad();
        long seed = Seeds.Mix(_recipe.Seed, SeedPurpose.Weights, 0);
        return _folder is not null ? CheckpointTensors.Load(Checkpoint.Open(_folder), Config, ScalarType.Float32, CPU)
            : _recipe.Create!.Start == ModelStart.Lexical ? LexicalStart.Create(Config, Vocabulary, data.Passages, seed)
            : LlamaWeights.Random(Config, ScalarType.Float32, CPU, seed);
    }

    private static string FolderOf(string parent, string recipeFolder, ModelStore store)
    {
        string local = Path.GetFullPath(Path.Combine(recipeFolder, parent));
        return Directory.Exists(local) ? local : store.Resolve(parent.Replace('@', '/'));
    }

    private static ModelOrigin OfParent(TrainingRecipe recipe, string folder, string parent)
    {
        LlamaConfig config = LlamaConfig.Read(folder);
        List<string> faults = [];
        BpeVocabulary? vocabulary = TokenizerFiles.Find(folder);
        if (vocabulary is null || vocabulary.Size > config.Vocabulary)
        {
            faults.Add($"base '{parent}' has {(vocabulary is null ? "no tokenizer" : $"a tokenizer of {vocabulary.Size} tokens and weights for {config.Vocabulary}")}; use a model whose files belong together");
        }

        if (File.Exists(Path.Combine(folder, LoraAdapter.ConfigFile)))
        {
            faults.Add($"base '{parent}' has an adapter that is not merged; merge it first");
        }

        if (Math.Max(recipe.MaxPassageTokens, recipe.MaxQueryTokens) > config.MaxPositions)
        {
            faults.Add($"texts have up to {Math.Max(recipe.MaxPassageTokens, recipe.MaxQueryTokens)} tokens, and base '{parent}' {config.MaxPositions} positions");
        }

        if (faults.Count > 0)
        {
            throw new RecipeException(recipe.Name, faults);
        }

        string contract = Path.Combine(folder, ContractFile.Name);
        string[] kept = ["config.json", "generation_config.json", "tokenizer_config.json", TokenizerFiles.JsonFile, TokenizerFiles.TiktokenFile, TokenizerFiles.SpecialTokensFile];
        return new ModelOrigin(recipe, folder, config, vocabulary!, ContractOf(recipe, config, File.Exists(contract) ? ContractFile.Read(contract) : null))
        {
            Files = kept.Where(name => File.Exists(Path.Combine(folder, name))).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name))),
            Parent = ModelManifest.Find(folder) is { } manifest ? $"{manifest.Id}@{manifest.Version} ({manifest.ContentHash})" : parent,
        };
    }

    private static async Task<ModelOrigin> OfNewAsync(TrainingRecipe recipe, ModelRecipe shape, TrainingSources sources, CancellationToken cancellationToken)
    {
        var learner = new BpeLearner();
        await foreach (SourcedExample sourced in sources.ReadAsync(cancellationToken))
        {
            learner.Add(sourced.Example.Query);
            foreach (TrainingPassage passage in sourced.Example.Positives.Concat(sourced.Example.Negatives))
            {
                learner.Add($"{passage.Title} {passage.Text}");
            }
        }

        IReadOnlyList<byte[]> tokens = learner.Learn(shape.Vocabulary, cancellationToken);
        var vocabulary = new BpeVocabulary(TokenizerFiles.JsonFile, [.. tokens], BpeLearner.WordPattern, new Dictionary<string, int>());
        var config = new LlamaConfig
        {
            Hidden = shape.Hidden,
            Intermediate = shape.Intermediate,
            Layers = shape.Layers,
            Heads = shape.Heads,
            KeyValueHeads = shape.KeyValueHeads,
            HeadDimension = shape.Hidden / shape.Heads,
            Vocabulary = tokens.Count,
            MaxPositions = shape.MaxPositions,
            NormEpsilon = 1e-5f,
            RopeTheta = 10_000,
            TiedHead = true,
        };
        return new ModelOrigin(recipe, folder: null, config, vocabulary, ContractOf(recipe, config, parent: null))
        {
            Files = new Dictionary<string, byte[]>
            {
                [LlamaConfig.FileName] = ConfigJson.Write(config),
                [TokenizerFiles.JsonFile] = TokenizerJsonWriter.Write(tokens, BpeLearner.WordPattern, []),
            },
            Parent = null,
        };
    }

    /// <summary>The parent's way to write text, and the recipe's head and lengths.</summary>
    private static EncoderContract ContractOf(TrainingRecipe recipe, LlamaConfig config, EncoderContract? parent)
    {
        bool sparse = recipe.Head == EncoderHead.Sparse;
        EncoderContract contract = parent ?? ContractPresets.LionDense() with { Bos = null };
        return contract with
        {
            Head = recipe.Head,
            LogitScale = sparse ? Math.Pow(config.Hidden, -0.25) : 1,
            Pooling = sparse ? Pooling.Max : Pooling.Mean,
            Normalisation = sparse ? Normalisation.None : Normalisation.Token,
            Attention = Attention.Bidirectional,
            Temperature = recipe.TemperatureOrDefault,
            MaxQueryTokens = recipe.MaxQueryTokens,
            MaxPassageTokens = recipe.MaxPassageTokens,
            TopQueryTerms = null,
            TopPassageTerms = null,
        };
    }
}
