using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Heads;
using Platform.Encoders.Models;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Training.Tests.Running;

public sealed class TrainerTests
{
    private static readonly LoraRecipe SmallLora = new() { Rank = 2, Alpha = 4, Dropout = 0.1 };

    public static TheoryData<string> Kinds => ["sparse", "dense", "adapters", "masked", "accumulated"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_run_that_is_killed_or_stopped_at_any_step_and_goes_on_gives_the_same_weights_bit_for_bit(string kind)
    {
        using var bench = new TrainingBench();
        TrainingRecipe recipe = RecipeOf(kind);
        byte[] whole = WeightsOf((await bench.RunAsync(recipe, "whole")).Model!);
        for (int at = 1; at < recipe.Steps; at += 2)
        {
            string work = $"broken-{at}";
            int deathAt = at;
            _ = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.RunAsync(
                recipe, work, progress => DieUnless(progress.Step < deathAt)));                  // a kill: nothing is saved at this step
            using var stop = new CancellationTokenSource();
            TrainingOutcome stopped = await bench.RunAsync(
                recipe, work, progress =>
                {
                    if (progress.Step == Math.Min(recipe.Steps - 1, deathAt + 1))
                    {
                        stop.Cancel();
                    }
                },
                stop.Token);
            Assert.Null(stopped.Model);
            Assert.Equal(Math.Min(recipe.Steps - 1, at + 1), stopped.State.Step);

            TrainingOutcome resumed = await bench.RunAsync(recipe, work, watch: null, CancellationToken.None);
            Assert.Equal(whole, WeightsOf(resumed.Model!));
        }
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over_and_told_and_the_weights_stay_the_same()
    {
        using var bench = new TrainingBench();
        TrainingRecipe recipe = TrainingBench.Recipe();
        byte[] whole = WeightsOf((await bench.RunAsync(recipe, "whole")).Model!);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.RunAsync(recipe, "broken", progress => DieUnless(progress.Step < 8)));
        string[] checkpoints = [.. Directory.GetDirectories(Path.Combine(bench.Folder, "broken"), "step-*").Order()];
        Assert.Equal(2, checkpoints.Length);
        await using (FileStream tensors = File.OpenWrite(Path.Combine(checkpoints[^1], "tensors.safetensors")))
        {
            tensors.Position = tensors.Length / 2;
            tensors.Write([1, 2, 3, 4]);
        }

        List<string> notices = [];
        TrainingOutcome resumed = await bench.RunAsync(recipe, "broken", progress => notices.AddRange(progress.Notice is { } notice ? [notice] : []));

        Assert.Contains(notices, notice => notice.Contains("passed over", StringComparison.Ordinal) && notice.Contains(checkpoints[^1], StringComparison.Ordinal));
        Assert.Contains(notices, notice => notice.Contains("from step 3", StringComparison.Ordinal));
        Assert.Equal(whole, WeightsOf(resumed.Model!));
    }

    [Fact]
    public async Task The_result_is_a_version_of_the_store_that_encodes_at_once()
    {
        using var bench = new TrainingBench();
        StoredModel model = (await bench.RunAsync(TrainingBench.Recipe() with { HalfPrecision = true }, "work")).Model!;

        Assert.Equal("small", model.Manifest.Id);
        Assert.Contains(model.Manifest.Files, file => file.Name == "recipe.json");
        Assert.Contains(model.Manifest.Files, file => file.Name == "training.json");
        using var encoder = LlamaTextEncoder.Open(model, new LlamaEncoderOptions());
        SparseVector vector = encoder.EncodeSparse([encoder.TokensOfQuery("who opens the wing", default)], areQueries: true, default)[0];
        Assert.NotEmpty(vector.TermIds);
    }

    [Fact]
    public async Task Training_finds_more_and_keeps_the_best_weights()
    {
        using var bench = new TrainingBench();
        string collection = Directory.CreateDirectory(Path.Combine(bench.Folder, "beir")).FullName;
        _ = Directory.CreateDirectory(Path.Combine(collection, "qrels"));
        string[] lines = [.. TrainingBench.Lines()];
        System.Text.Json.JsonElement[] pairs = [.. lines.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)];
        bench.WriteData("beir/corpus.jsonl", pairs.Select((pair, i) => $$"""{"_id": "d{{i}}", "title": "", "text": {{pair.GetProperty("positive").GetRawText()}}}"""));
        bench.WriteData("beir/queries.jsonl", pairs.Select((pair, i) => $$"""{"_id": "q{{i}}", "text": {{pair.GetProperty("query").GetRawText()}}}"""));
        bench.WriteData("beir/qrels/dev.tsv", ["query-id\tcorpus-id\tscore", .. pairs.Select((_, i) => $"q{i}\td{i}\t1")]);
        TrainingRecipe recipe = TrainingBench.Recipe() with
        {
            Steps = 60,
            Sparsity = new SparsityRecipe { Queries = 1e-4, Passages = 1e-4 },
            Development = new DevelopmentRecipe { Collection = "beir", Every = 20, Queries = 40, Documents = 40 },
        };
        List<double> losses = [];

        TrainingOutcome outcome = await bench.RunAsync(recipe, "work", progress => losses.AddRange(progress.Notice is null && progress.Step > 0 ? [progress.RankingLoss] : []));

        Assert.Equal(60, losses.Count);
        Assert.True(losses.TakeLast(10).Average() < 0.7 * losses.Take(10).Average(), $"{losses.Take(10).Average()} fell to {losses.TakeLast(10).Average()}");
        Assert.NotNull(outcome.State.Best);
        Assert.True(outcome.State.Best.NdcgAt10 > 0.3, $"nDCG@10 is {outcome.State.Best.NdcgAt10}");
    }

    [Fact]
    public async Task A_folder_in_which_a_run_works_is_refused_to_another()
    {
        using var bench = new TrainingBench();
        Task<TrainingOutcome>? second = null;
        _ = await bench.RunAsync(TrainingBench.Recipe(), "work", progress => second ??= progress.Step == 1 ? bench.RunAsync(TrainingBench.Recipe(), "work") : null);
        _ = await Assert.ThrowsAsync<TrainingFolderBusyException>(() => second!);
    }

    [Fact]
    public async Task Checkpoints_of_another_recipe_are_refused()
    {
        using var bench = new TrainingBench();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.RunAsync(TrainingBench.Recipe(), "work", progress => DieUnless(progress.Step < 5)));

        RecipeException fault = await Assert.ThrowsAsync<RecipeException>(() => bench.RunAsync(TrainingBench.Recipe() with { LearningRate = 1e-3 }, "work"));
        Assert.Contains("another recipe", fault.Message, StringComparison.Ordinal);
    }

    private static TrainingRecipe RecipeOf(string kind) => kind switch
    {
        "dense" => TrainingBench.Recipe(EncoderHead.Dense) with { ChunkTokens = 64 },
        "adapters" => TrainingBench.Recipe() with { Lora = SmallLora, ChunkTokens = 100, RecomputeLayers = true },
        "masked" => TrainingBench.Recipe() with { Stage = TrainingStage.MaskedTokens, Batch = 4, Masking = new MaskingRecipe { Length = 24 } },
        "accumulated" => TrainingBench.Recipe() with { Accumulation = 2, Sparsity = new SparsityRecipe { TargetPassageTerms = 20 } },
        _ => TrainingBench.Recipe(),
    };

    private static void DieUnless(bool isAlive)
    {
        if (!isAlive)
        {
            throw new InvalidOperationException("killed");
        }
    }

    private static byte[] WeightsOf(StoredModel model) => File.ReadAllBytes(Path.Combine(model.Folder, "model.safetensors"));
}
