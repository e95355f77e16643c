using Platform.Cli.Output;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train ...</c>: the group of commands that make models.</summary>
internal sealed class TrainCommand : CliCommand
{
    public TrainCommand(Terminal terminal)
        : base("train", "make models: train, go on, mine negatives")
    {
        Details =
        [
            "A recipe is a JSON file that says which data, which model, which losses and how many steps; the same recipe and data give the same "
            + "weights. Its result is a new version in the store of models, which an index can use at once.",
        ];
        Examples =
        [
            new("platform train run nano-sparse.json", "Make a small model from the documentation of the .NET SDK"),
            new("platform train mine nano-sparse.json negatives.jsonl", "Search hard negatives for its examples"),
        ];
        Add(new TrainRunCommand(terminal));
        Add(new TrainMineCommand(terminal));
    }
}
