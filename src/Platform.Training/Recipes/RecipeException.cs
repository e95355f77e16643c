namespace Platform.Training.Recipes;

/// <summary>A recipe that can't be followed; the message names the file and every fault.</summary>
public sealed class RecipeException : Exception
{
    internal RecipeException(string path, IReadOnlyList<string> faults, Exception? inner = null)
        : base($"'{path}' is no recipe that can be followed: {string.Join("; ", faults)}.", inner) => Faults = faults;

    /// <summary>What is wrong, each in words.</summary>
    public IReadOnlyList<string> Faults { get; }
}
