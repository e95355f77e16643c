using System.CommandLine;
using Platform.Cli.Commands.Models;
using Platform.Cli.Output;
using Platform.Encoders.Models;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train run RECIPE.json</c></summary>
internal sealed class TrainRunCommand : StoreCommand
{
    private readonly Argument<string> _recipe = new("RECIPE") { Description = "The recipe, a JSON file." };
    private readonly Option<string?> _work = new("--work")
    {
        HelpName = "DIR",
        Description = "Where checkpoints lie. Without it training/NAME beside the folder of models. A run that finds its own there goes on.",
    };

    private readonly Option<int> _threads = new("--threads") { HelpName = "N", Description = "Threads; 0, the default, for the physical cores. Results are the same bits for the same number." };

    public TrainRunCommand(Terminal terminal)
        : base(terminal, "run", "follow a recipe in this process")
    {
        Details =
        [
            "Checks recipe and data first, and names file and line of what is wrong. Then trains, tells losses, learning rate, non-zeros, tokens "
            + "a second and the time left, and saves checkpoints. Ctrl-C saves and ends; the same command goes on. A run that was killed goes on "
            + "from its last checkpoint. Interrupted or not, the weights come out the same.",
            "The result is a version of the recipe's name in the store of models: weights, tokenizer, contract, recipe, and where they came from.",
        ];
        Examples =
        [
            new("platform train run nano-sparse.json", "Train, or go on"),
            new("platform train run my-recipe.json --work /data/run-7 --threads 1", "Choose where checkpoints lie"),
        ];
        Add(_recipe);
        Add(_work);
        Add(_threads);
        Complete();
    }

    protected override async Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(arguments.GetRequiredValue(_recipe));
        TrainingRecipe recipe = RecipeFile.Read(path);
        int threads = arguments.GetValue(_threads);
        if (threads < 0)
        {
            throw CommandFaultException.Usage($"--threads is {threads}; it must be 0 or more.");
        }

        var request = new TrainingRequest
        {
            Recipe = recipe,
            RecipeFolder = Path.GetDirectoryName(path)!,
            WorkFolder = arguments.GetValue(_work) ?? Path.Combine(Path.GetDirectoryName(store.Directory)!, "training", recipe.Name),
            Store = store,
            Threads = threads,
            Time = Terminal.Time,
        };
        bool json = arguments.GetValue(Json);
        TrainingOutcome outcome = await Trainer.RunAsync(request, new TrainingView(Terminal, json), cancellationToken);
        if (outcome.Model is not { } model)
        {
            Terminal.Say($"Stopped and saved at step {Figures.Count(outcome.State.Step)} of {Figures.Count(recipe.Steps)}. Go on with the same command: {Invocation.Name(Terminal)} train run {arguments.GetValue(_recipe)}{(arguments.GetValue(_work) is { } work ? $" --work {work}" : "")}");
            return ExitCodes.Cancelled;
        }

        string name = $"{model.Manifest.Id}@{model.Manifest.Version}";
        if (json)
        {
            JsonOutput.Write(Terminal, new TrainedModel(name, model.Folder, outcome.State.Step, outcome.State.Tokens, outcome.State.Seconds, outcome.State.Best?.NdcgAt10), JsonOutput.Readable.TrainedModel);
            return ExitCodes.Ok;
        }

        Terminal.Print($"Trained {name}: {Figures.Count(outcome.State.Step, "step")}, {Figures.Count(outcome.State.Tokens, "token")}, {Figures.Duration(TimeSpan.FromSeconds(outcome.State.Seconds))}"
            + (outcome.State.Best is { } best ? $"; development nDCG@10 {Figures.Score(best.NdcgAt10)} at step {Figures.Count(best.Step)}." : "."));
        Terminal.Print($"Use it: {Invocation.Name(Terminal)} index create NAME --encoder {name}");
        return ExitCodes.Ok;
    }
}

/// <summary>What <c>train run --json</c> says.</summary>
/// <param name="Model">As <c>id@version</c>.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Tokens">Tokens computed.</param>
/// <param name="Seconds">Of training.</param>
/// <param name="DevelopmentNdcgAt10">The best; null without a development set.</param>
internal sealed record TrainedModel(string Model, string Folder, int Steps, long Tokens, double Seconds, double? DevelopmentNdcgAt10);
