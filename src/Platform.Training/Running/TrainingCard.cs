using System.Text.Json;
using Platform.Training.Checkpoints;
using Platform.Training.Data;
using Platform.Training.Recipes;
using Platform.Training.Starts;

namespace Platform.Training.Running;

/// <summary>Where a trained model came from: <c>training.json</c> in its folder. Nothing in it depends on the clock: one recipe, one version.</summary>
internal static class TrainingCard
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    /// <summary>The file's content, UTF-8.</summary>
    public static byte[] Write(TrainingRecipe recipe, ModelOrigin origin, TokenisedData data, TrainingState state) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            origin.Parent,
            RecipeSha256 = state.RecipeHash,
            Data = new
            {
                Sha256 = data.Hash,
                Examples = data.Examples.Count,
                Passages = data.Passages.Count,
                data.Tokens,
                Sources = recipe.Data.Select(source => new { Name = source.File is { } file ? Path.GetFileName(file) : DotNetPairs.Name, source.Licence }),
            },
            recipe.Teacher,
            Parameters = origin.Config.ParameterCount,
            state.Step,
            TokensComputed = state.Tokens,
            Development = state.Best,
        },
        Json);
}
