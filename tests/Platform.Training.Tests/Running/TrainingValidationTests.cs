using Platform.Training.Data;
using Platform.Training.Losses;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Training.Tests.Running;

public sealed class TrainingValidationTests
{
    [Theory]
    [InlineData("""{"query": "q"}""", "no positive")]
    [InlineData("""{"query": " ", "positive": "p"}""", "a blank text in query")]
    [InlineData("""{"query": "q", "positive": "p"} extra""", "broken JSON")]
    public async Task A_broken_example_is_told_with_file_and_line_before_the_first_step(string line, string found)
    {
        using var bench = new TrainingBench();
        bench.WriteData("data.jsonl", [.. TrainingBench.Lines().Take(20), line, .. TrainingBench.Lines().Skip(20)]);
        bool trained = false;

        TrainingFormatException fault = await Assert.ThrowsAsync<TrainingFormatException>(
            () => bench.RunAsync(TrainingBench.Recipe(), "work", progress => trained |= progress.Step > 0));

        Assert.Equal(21, fault.Line);
        Assert.Contains("data.jsonl", fault.Message, StringComparison.Ordinal);
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
        Assert.False(trained);
    }

    [Fact]
    public async Task A_file_of_one_line_is_told_with_the_batch_it_does_not_fill()
    {
        using var bench = new TrainingBench();
        bench.WriteData("data.jsonl", TrainingBench.Lines().Take(1));
        TrainingFormatException fault = await Assert.ThrowsAsync<TrainingFormatException>(() => bench.RunAsync(TrainingBench.Recipe(), "work"));
        Assert.Contains("line 1: found the last of 1 examples; expected 8 examples or more", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_negatives_and_missing_scores_are_told_with_file_and_line()
    {
        using var bench = new TrainingBench();
        bench.WriteData("data.jsonl", [
            """{"query": "a", "pos": ["b"], "neg": ["c", "d"], "pos_scores": [1.5], "neg_scores": [0.5, 0.25]}""",
            """{"query": "a", "pos": ["b"], "neg": ["c"]}""",
        ]);
        TrainingRecipe recipe = TrainingBench.Recipe() with { Batch = 1, Negatives = 2 };
        TrainingFormatException negatives = await Assert.ThrowsAsync<TrainingFormatException>(() => bench.RunAsync(recipe, "work"));
        Assert.Contains("line 2: found 1 negatives", negatives.Message, StringComparison.Ordinal);

        recipe = recipe with { Negatives = 1, Objective = Objective.ContrastiveAndKl, Teacher = new TeacherRecipe("t", "1", "raw") };
        TrainingFormatException scores = await Assert.ThrowsAsync<TrainingFormatException>(() => bench.RunAsync(recipe, "work"));
        Assert.Contains("line 2: found an example without a teacher's scores", scores.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passage_id_that_no_collection_has_is_told_with_file_and_line()
    {
        using var bench = new TrainingBench();
        bench.WriteData("data.jsonl", ["""{"question": "a", "pos_pid": 7, "neg_pids": []}"""]);
        TrainingFormatException fault = await Assert.ThrowsAsync<TrainingFormatException>(() => bench.RunAsync(TrainingBench.Recipe(), "work"));
        Assert.Contains("line 1: found the passage id '7'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_monitor_stops_at_numbers_that_are_none_and_at_vectors_that_died_or_stay_full()
    {
        TrainingRecipe recipe = TrainingBench.Recipe() with { Steps = 300 };
        StepFigures sound = new(1, 1, 1, 1, 50, 50, 10);
        var monitor = new TrainingMonitor(recipe, vocabulary: 1000);
        for (int step = 0; step < 300; step++)
        {
            monitor.Check(step, sound, 1);
            monitor.Check(step, step % TrainingMonitor.Patience == 0 ? sound : sound with { QueryTerms = 0 }, 1);
        }

        Assert.Contains("the loss is NaN", Fault(monitor, 7, sound with { Loss = double.NaN }, times: 1), StringComparison.Ordinal);
        Assert.Contains("have died", Fault(new TrainingMonitor(recipe, 1000), 7, sound with { QueryTerms = 0.2 }, TrainingMonitor.Patience), StringComparison.Ordinal);
        Assert.Contains("stay full", Fault(new TrainingMonitor(recipe, 1000), 200, sound with { PassageTerms = 950 }, TrainingMonitor.Patience), StringComparison.Ordinal);
        for (int i = 0; i < 50; i++)
        {
            new TrainingMonitor(recipe, 1000).Check(5, sound with { PassageTerms = 950 }, 1);        // before the ramp's end full is normal
        }
    }

    private static string Fault(TrainingMonitor monitor, int step, StepFigures figures, int times) => Assert.Throws<TrainingStoppedException>(() =>
    {
        for (int i = 0; i < times; i++)
        {
            monitor.Check(step, figures, 1);
        }
    }).Message;
}
