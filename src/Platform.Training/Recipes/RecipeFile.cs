using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Training.Recipes;

/// <summary>Reads and writes recipes: strict JSON, every fault told at once.</summary>
public static class RecipeFile
{
    /// <summary>The recipe's name in the folder of a trained model.</summary>
    public const string Name = "recipe.json";

    private const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 16,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="RecipeException">It is missing, no JSON, or has values out of range.</exception>
    public static TrainingRecipe Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes ? Parse(path, File.ReadAllBytes(path)) : throw new RecipeException(path, [$"it has {length} bytes; the limit is {MaxBytes}"]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException(path, [e.Message.TrimEnd('.')], e);
        }
    }

    /// <summary>Reads JSON.</summary>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="RecipeException">It is no JSON, or has values out of range.</exception>
    public static TrainingRecipe Parse(string name, ReadOnlyMemory<byte> json)
    {
        TrainingRecipe recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<TrainingRecipe>(json.Span, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new RecipeException(name, [e.Message.TrimEnd('.')], e);
        }

        IReadOnlyList<string> faults = RecipeRules.FaultsOf(recipe);
        return faults.Count == 0 ? recipe : throw new RecipeException(name, faults);
    }

    /// <summary>The whole recipe as JSON, defaults written out.</summary>
    public static byte[] Write(TrainingRecipe recipe) => JsonSerializer.SerializeToUtf8Bytes(recipe, Json);

    /// <summary>SHA-256 of what decides the weights, 64 hexadecimal digits: how often checkpoints are saved is not of it.</summary>
    public static string HashOf(TrainingRecipe recipe) =>
        Convert.ToHexStringLower(SHA256.HashData(Write(recipe with { Checkpoints = new CheckpointRecipe() })));
}
