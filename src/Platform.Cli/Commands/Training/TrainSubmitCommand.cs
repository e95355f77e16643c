using System.CommandLine;
using System.Text.Json;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Training.Recipes;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train submit JOB RECIPE.json</c></summary>
internal sealed class TrainSubmitCommand : ClientCommand
{
    private readonly Argument<string> _job = new("JOB") { Description = "A name for the job." };
    private readonly Argument<string> _recipe = new("RECIPE") { Description = "The recipe, a JSON file." };

    public TrainSubmitCommand(Terminal terminal)
        : base(terminal, "submit", "give a recipe to the platform's trainers")
    {
        Details =
        [
            "The recipe is checked here and sent. Files that it names are those that the operator has put into the platform's folder of "
            + "training data; its base is a model of the platform's store. The same job and recipe once more changes nothing.",
        ];
        Examples = [new("platform train submit night-run nano-sparse.json", "Start a job")];
        Add(_job);
        Add(_recipe);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        TrainingRecipe recipe = RecipeFile.Read(Path.GetFullPath(arguments.GetRequiredValue(_recipe)));
        using JsonDocument document = JsonDocument.Parse(RecipeFile.Write(recipe));
        var spec = new TrainingJobSpec { Name = arguments.GetRequiredValue(_job), Recipe = document.RootElement.Clone() };
        TrainingJob job = await client.SubmitTrainingAsync(spec, cancellationToken);
        TrainingJobView.Write(Terminal, job, arguments.GetValue(Json));
        return ExitCodes.Ok;
    }
}
