namespace Platform.Cli.Output;

/// <summary>How this program is called, so that a command printed for the person works when it is pasted.</summary>
internal static class Invocation
{
    /// <summary><c>platform</c> if that is on the path, else the program's file, else <c>dotnet</c> and the assembly.</summary>
    public static string Name(Terminal terminal)
    {
        string? program = Environment.ProcessPath;
        string assembly = typeof(Invocation).Assembly.Location;
        if (program is null || Path.GetFileNameWithoutExtension(program) is not "platform")
        {
            return $"dotnet {Shortest(assembly)}";
        }

        bool isOnPath = (terminal.Environment("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => string.Equals(Path.Join(folder, Path.GetFileName(program)), program, StringComparison.Ordinal));
        return isOnPath ? "platform" : Shortest(program);
    }

    private static string Shortest(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        string shorter = relative.Length < path.Length ? relative : path;
        return shorter.Contains(' ') ? $"\"{shorter}\"" : shorter;
    }
}
