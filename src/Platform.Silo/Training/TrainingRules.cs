using Platform.Abstractions;
using Platform.Training.Recipes;

namespace Platform.Silo.Training;

/// <summary>What a tenant's recipe may ask for: no path of theirs is followed.</summary>
internal static class TrainingRules
{
    private const int MaxBytes = 256 << 10;

    /// <summary>Reads and checks a recipe that came over the wire.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Invalid"/>, with every fault.</exception>
    public static TrainingRecipe Parse(string job, ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            throw new PlatformException(FaultKind.Invalid, $"The recipe has {json.Length} bytes; the limit is {MaxBytes}.");
        }

        TrainingRecipe recipe;
        try
        {
            recipe = RecipeFile.Parse(job, json);
        }
        catch (RecipeException e)
        {
            throw new PlatformException(FaultKind.Invalid, e.Message);
        }

        List<string> faults = [];
        foreach (string path in recipe.Data.SelectMany(source => new[] { source.File, source.Collection }).Append(recipe.Development?.Collection).OfType<string>())
        {
            if (!IsPlainName(path))
            {
                faults.Add($"'{path}' is no plain name; a job reads files and folders that the operator has put into the folder of training data, by name");
            }
        }

        if (recipe.Base is { } parent && !parent.Split('/', '@').All(IsPlainName))
        {
            faults.Add($"base '{parent}' is no model of the store; name one as ID@VERSION");
        }

        return faults.Count == 0 ? recipe : throw new PlatformException(FaultKind.Invalid, $"The recipe asks for what a job may not have: {string.Join("; ", faults)}.");
    }

    private static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 128 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
