using System.Text;
using Platform.Encoders.Contract;
using Platform.Encoders.Models;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Training.Tests.Running;

/// <summary>A folder with a small data file, a model store and work folders, gone with its owner.</summary>
internal sealed class TrainingBench : IDisposable
{
    public const int Examples = 40;

    private static readonly string[] Things = ["wing", "river", "engine", "letter", "garden", "number", "window", "mountain"];
    private static readonly string[] Deeds = ["opens", "carries", "measures", "paints", "breaks"];

    public string Folder { get; } = Directory.CreateTempSubdirectory("platform-training-").FullName;

    public ModelStore Store => new(Path.Combine(Folder, "models"), TimeProvider.System);

    public TrainingBench() => WriteData("data.jsonl", Lines());

    public static IEnumerable<string> Lines() =>
        from thing in Things
        from deed in Deeds
        select $$"""{"query": "who {{deed}} the {{thing}}", "positive": "The {{thing}} is something that somebody {{deed}} on a {{Deeds[thing.Length % 5]}} day, not a {{Things[deed.Length % 8]}}."}""";

    public void WriteData(string name, IEnumerable<string> lines) => File.WriteAllText(Path.Combine(Folder, name), string.Join('\n', lines), Encoding.UTF8);

    public static TrainingRecipe Recipe(EncoderHead head = EncoderHead.Sparse) => new()
    {
        Name = "small",
        Create = new ModelRecipe { Vocabulary = 512, Hidden = 16, Layers = 2, Heads = 2, KeyValueHeads = 1, Intermediate = 24, MaxPositions = 64 },
        Head = head,
        Data = [new DataRecipe { File = "data.jsonl" }],
        Steps = 10,
        Batch = 8,
        MaxQueryTokens = 16,
        MaxPassageTokens = 32,
        LearningRate = 3e-3,
        Temperature = head == EncoderHead.Dense ? 0.1 : 1,
        Checkpoints = new CheckpointRecipe { Every = 3, Keep = 2 },
    };

    public TrainingRequest Request(TrainingRecipe recipe, string work) => new()
    {
        Recipe = recipe,
        RecipeFolder = Folder,
        WorkFolder = Path.Combine(Folder, work),
        Store = Store,
        Threads = 1,
        Time = TimeProvider.System,
    };

    public Task<TrainingOutcome> RunAsync(TrainingRecipe recipe, string work, Action<TrainingProgress>? watch = null, CancellationToken stop = default) =>
        Trainer.RunAsync(Request(recipe, work), watch is null ? null : new Watcher(watch), stop);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Unlike <see cref="Progress{T}"/>, on the reporting thread, so that an exception ends the run as a kill would.</summary>
    private sealed class Watcher(Action<TrainingProgress> watch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => watch(value);
    }
}
