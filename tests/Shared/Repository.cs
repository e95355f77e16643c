namespace Platform.Testing;

/// <summary>The checkout that the running tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Platform.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Platform.sln above '{AppContext.BaseDirectory}'.");
    }
}
