using Platform.Cli.Output;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train ...</c>: the group of commands that make models.</summary>
internal sealed class TrainCommand : CliCommand
{
    public TrainCommand(Terminal terminal)
        : base("train", "make models: here or on the platform's trainers; mine negatives")
    {
        Details =
        [
            "A recipe is a JSON file that says which data, which model, which losses and how many steps; the same recipe and data give the same "
            + "weights. Its result is a new version in the store of models, which an index can use at once.",
            "'run' works in this process and needs no platform. 'submit' gives the recipe to a running platform, whose trainer silos follow it: a "
            + "job outlives this command and the silo it runs on.",
        ];
        Examples =
        [
            new("platform train run nano-sparse.json", "Make a small model from the documentation of the .NET SDK"),
            new("platform train submit night-run nano-sparse.json", "Give it to the platform"),
            new("platform train watch night-run", "See how it goes"),
            new("platform train mine nano-sparse.json negatives.jsonl", "Search hard negatives for its examples"),
        ];
        Add(new TrainRunCommand(terminal));
        Add(new TrainMineCommand(terminal));
        Add(new TrainSubmitCommand(terminal));
        Add(new TrainWatchCommand(terminal));
        Add(new TrainListCommand(terminal));
        Add(new TrainChangeCommand(terminal, "cancel", "save and stop a job", "platform train cancel night-run", "Stop it; resume goes on", (client, job, token) => client.CancelTrainingAsync(job, token)));
        Add(new TrainChangeCommand(terminal, "resume", "go on with a job that was cancelled or failed", "platform train resume night-run", "Go on from its last checkpoint", (client, job, token) => client.ResumeTrainingAsync(job, token)));
    }
}
