using System.Text;
using Platform.Training.Recipes;
using Platform.Training.Tests.Running;

namespace Platform.Training.Tests.Recipes;

public sealed class RecipeFileTests
{
    [Fact]
    public void A_recipe_that_is_written_is_read_back_the_same()
    {
        TrainingRecipe recipe = TrainingBench.Recipe() with { Lora = new LoraRecipe { Rank = 3 }, Teacher = new TeacherRecipe("a", "b", "c") };
        Assert.Equal(RecipeFile.HashOf(recipe), RecipeFile.HashOf(Read(Encoding.UTF8.GetString(RecipeFile.Write(recipe)))));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        RecipeException fault = Assert.Throws<RecipeException>(() => Read(
            """{"name": "a b", "data": [{}], "steps": 0, "temperature": -1, "objective": "klDivergence", "development": {"every": 0}}"""));
        string[] due = ["name is 'a b'", "exactly one of base and create", "steps is 0", "temperature is -1", "exactly one of file and dotNetReference", "teacher must say", "negatives must be 1", "development.every is 0"];
        Assert.All(due, text => Assert.Contains(text, fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"name": "a", "data": [], "steps": 1, "lerningRate": 1}""", "lerningRate")]
    [InlineData("""{"name": "a"}""", "data")]
    [InlineData("""not json""", "invalid")]
    public void What_is_no_recipe_is_refused_with_its_place(string json, string part) =>
        Assert.Contains(part, Assert.Throws<RecipeException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_what_decides_the_weights_is_hashed()
    {
        TrainingRecipe recipe = TrainingBench.Recipe();
        Assert.Equal(RecipeFile.HashOf(recipe), RecipeFile.HashOf(recipe with { Checkpoints = new CheckpointRecipe { Every = 1 } }));
        Assert.NotEqual(RecipeFile.HashOf(recipe), RecipeFile.HashOf(recipe with { Seed = 2 }));
    }

    private static TrainingRecipe Read(string json)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return RecipeFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
