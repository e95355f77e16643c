using System.Security.Cryptography;
using System.Text;
using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;
using Platform.Encoders.Native;
using Platform.Encoders.Text;
using Platform.Encoders.Weights;
using Platform.Training.Backward;
using Platform.Training.Checkpoints;
using Platform.Training.Data;
using Platform.Training.Evaluating;
using Platform.Training.Optimisation;
using Platform.Training.Recipes;
using Platform.Training.Starts;

namespace Platform.Training.Running;

/// <summary>Follows a recipe from its data to a version of a model, and goes on where an earlier attempt stopped.</summary>
/// <remarks>
/// A run that is stopped or killed at any step and goes on has the weights of one that never stopped, bit for bit, on one kind of machine with one
/// number of threads. One run at a time in a folder.
/// </remarks>
public sealed class Trainer
{
    private readonly TrainingRequest _request;
    private readonly IProgress<TrainingProgress>? _progress;

    private Trainer(TrainingRequest request, IProgress<TrainingProgress>? progress)
    {
        _request = request;
        _progress = progress;
    }

    /// <summary>Runs or goes on, on the calling thread; hours or days.</summary>
    /// <param name="request">What and where.</param>
    /// <param name="progress">Told of every step, on the training thread; null for nobody.</param>
    /// <param name="stop">Ends the run after saving it; the outcome then has no model.</param>
    /// <exception cref="RecipeException">Recipe, model and data do not fit; found before the first step.</exception>
    /// <exception cref="TrainingFormatException">The data are broken; found before the first step.</exception>
    /// <exception cref="ModelFileException">The parent is missing or damaged.</exception>
    /// <exception cref="TrainingStoppedException">The run can't come to anything.</exception>
    /// <exception cref="TrainingFolderBusyException">Another run works in the folder.</exception>
    public static async Task<TrainingOutcome> RunAsync(TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        TorchRuntime.Start(request.Threads);
        using FileStream only = Lock(request);
        return await new Trainer(request, progress).RunAsync(stop);
    }

    private static FileStream Lock(TrainingRequest request)
    {
        _ = Directory.CreateDirectory(request.WorkFolder);
        string path = Path.Combine(request.WorkFolder, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new TrainingFolderBusyException(request.WorkFolder, e);
        }
    }

    private TrainingRecipe Recipe => _request.Recipe;

    private async Task<TrainingOutcome> RunAsync(CancellationToken stop)
    {
        Tell("reading the data");
        var sources = new TrainingSources(Recipe, _request.RecipeFolder);
        ModelOrigin origin = await ModelOrigin.OpenAsync(Recipe, _request.RecipeFolder, _request.Store, sources, stop);
        var tokenizer = new ContractTokenizer(new BpeTokenizer(origin.Vocabulary), origin.Contract);
        TokenisedData data = await TokenisedData.LoadAsync(Recipe, sources, tokenizer, stop);
        DevelopmentEvaluation? development = await sources.DevelopmentAsync(stop) is { } set ? new DevelopmentEvaluation(set, tokenizer, stop) : null;
        using var model = new LlamaModel(origin.Config, origin.Weights(data), causal: origin.Contract.Attention == Attention.Causal);
        IReadOnlyList<TrainedTensor> trained = Recipe.Lora is { } lora
            ? TrainedTensors.OfAdapters(model, lora, Seeds.Mix(Recipe.Seed, SeedPurpose.Weights, 1))
            : TrainedTensors.OfWhole(model, Recipe.FreezeHead);
        using var optimiser = new AdamW(trained, Recipe.WeightDecay);
        var run = new TrainingRun(Recipe, model, origin.Contract, trained, optimiser, data, tokenizer, development, _request.Time);
        using (run)
        {
            var checkpoints = new CheckpointFolder(_request.WorkFolder, Recipe.Checkpoints.Keep);
            await RestoreAsync(run, checkpoints, HashOf(origin), data.Hash, stop);
            if (!await run.AdvanceAsync(checkpoints, _progress, stop))
            {
                return new TrainingOutcome(run.State, Model: null);
            }

            if (run.State.Best is not null)
            {
                checkpoints.LoadBest(trained);
            }

            Tell("saving the model");
            return new TrainingOutcome(run.State, await RegisterAsync(model, origin, data, run.State));
        }
    }

    private async Task RestoreAsync(TrainingRun run, CheckpointFolder checkpoints, string recipeHash, string dataHash, CancellationToken stop)
    {
        TrainingState? state = await checkpoints.RestoreAsync(
            run.Trained, run.Optimiser, damaged => Tell("restoring a checkpoint", $"A damaged checkpoint is passed over: {damaged}."), stop);
        if (state is not null && (state.RecipeHash != recipeHash || state.DataHash != dataHash))
        {
            throw new RecipeException(Recipe.Name, [
                $"'{checkpoints.Directory}' has checkpoints of another {(state.RecipeHash != recipeHash ? "recipe or parent" : "state of the data")}; name another work folder, or delete that one",
            ]);
        }

        run.Begin(state, recipeHash, dataHash);
        if (state is not null)
        {
            Tell("training", $"Going on from step {state.Step} of {Recipe.Steps}.");
        }
    }

    private async Task<StoredModel> RegisterAsync(LlamaModel model, ModelOrigin origin, TokenisedData data, TrainingState state)
    {
        // The run is complete: from here on a stop would only lose it.
        string folder = Path.Combine(_request.WorkFolder, ".model");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await ModelWriter.WriteAsync(folder, model, Recipe.HalfPrecision ? ElementType.BF16 : ElementType.F32, CancellationToken.None);
        foreach ((string name, byte[] content) in origin.Files)
        {
            await DurableFile.WriteAsync(Path.Combine(folder, name), content, CancellationToken.None);
        }

        await DurableFile.WriteAsync(Path.Combine(folder, RecipeFile.Name), RecipeFile.Write(Recipe), CancellationToken.None);
        await DurableFile.WriteAsync(Path.Combine(folder, "training.json"), TrainingCard.Write(Recipe, origin, data, state), CancellationToken.None);
        var import = new ModelImport(Recipe.Name, Version: null, origin.Contract, $"trained from {origin.Parent ?? "nothing"} by recipe {state.RecipeHash[..12]}");
        StoredModel stored = await _request.Store.ImportAsync(folder, import, new Progress<long>(), CancellationToken.None);
        Directory.Delete(folder, recursive: true);
        return stored;
    }

    private string HashOf(ModelOrigin origin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{RecipeFile.HashOf(Recipe)} {origin.Parent}")));

    private void Tell(string phase, string? notice = null) => _progress?.Report(new TrainingProgress { Phase = phase, Steps = Recipe.Steps, Notice = notice });
}
