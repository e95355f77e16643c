using Platform.Training.Data;
using Platform.Training.Mining;

namespace Platform.Training.Tests.Running;

public sealed class MiningTests
{
    [Fact]
    public void Negatives_lie_in_the_wanted_ranks_below_the_margin_and_are_no_positives()
    {
        (int Number, double Score)[] ranking = [(1, 10), (2, 9.9), (3, 9), (4, 8), (5, 7), (6, 6), (7, 5)];
        MiningRequest request = Request("") with { FirstRank = 2, LastRank = 5, Negatives = 10, MostOfPositive = 0.95 };

        Assert.Equal([3, 4, 5, 6], HardNegativeMiner.Choose(request, ranking, positives: [1], new Random(1)));
        Assert.Equal([4, 5, 6], HardNegativeMiner.Choose(request, ranking, positives: [3], new Random(1)).Where(number => number > 3));
        Assert.Equal([4, 5], HardNegativeMiner.Choose(request with { FirstRank = 3, LastRank = 4 }, ranking, positives: [1], new Random(1)));
        Assert.Equal(2, HardNegativeMiner.Choose(request with { Negatives = 2 }, ranking, positives: [1], new Random(1)).Length);
    }

    [Fact]
    public async Task Mined_examples_are_training_data_and_the_same_every_time()
    {
        using var bench = new TrainingBench();
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        MiningResult result = await HardNegativeMiner.RunAsync(Request(bench.Folder), first, progress: null, CancellationToken.None);
        _ = await HardNegativeMiner.RunAsync(Request(bench.Folder), second, progress: null, CancellationToken.None);

        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal(TrainingBench.Examples, result.Passages);
        Assert.True(result.Examples > TrainingBench.Examples / 2, $"{result.Examples} examples");
        bench.WriteData("mined.jsonl", [System.Text.Encoding.UTF8.GetString(first.ToArray())]);
        TrainingExample[] examples = await TrainingReader.ReadAsync(Path.Combine(bench.Folder, "mined.jsonl")).ToArrayAsync();
        Assert.Equal(result.Examples, examples.Length);
        Assert.All(examples, example => Assert.InRange(example.Negatives.Count, 1, 4));
        Assert.All(examples, example => Assert.DoesNotContain(example.Positives[0].Text, example.Negatives.Select(negative => negative.Text)));
        Assert.NotNull((await bench.RunAsync(
            TrainingBench.Recipe() with { Data = [new Platform.Training.Recipes.DataRecipe { File = "mined.jsonl" }], Negatives = 1, Steps = 2 }, "work")).Model);
    }

    private static MiningRequest Request(string folder) => new() { Recipe = TrainingBench.Recipe(), RecipeFolder = folder, Negatives = 4 };
}
