using System.Diagnostics;

namespace Platform.Benchmarks;

/// <summary>This program once more, so that one measurement's memory or settings don't reach another.</summary>
internal static class ChildProcess
{
    /// <summary>Starts it.</summary>
    /// <param name="environment">Variables to set; a null value removes one.</param>
    /// <param name="arguments">Its command line.</param>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for its end and gives what it printed.</summary>
    public static string Output(Process process)
    {
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"A measurement ended with {process.ExitCode}: {output}");
    }
}
