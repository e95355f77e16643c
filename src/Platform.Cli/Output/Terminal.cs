using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>All that a command sees of the process around it: streams, environment, clock. A test hands in its own.</summary>
/// <remarks>Results go to <see cref="Out"/>; everything else (progress, warnings, errors) to <see cref="Error"/>.</remarks>
internal sealed class Terminal
{
    // Wide enough for every table; a pipe has no width of its own.
    private const int PipeWidth = 140;

    /// <summary>Standard output, as text.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error, as text.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard output, for tables; plain where it is no terminal.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Standard error, for progress bars.</summary>
    public required IAnsiConsole ErrorConsole { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>True if a person can answer a question.</summary>
    public required bool CanAsk { get; init; }

    /// <summary>An environment variable; null where it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock of progress and waits.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The real one.</summary>
    public static Terminal OfProcess()
    {
        TextWriter output = System.Console.Out;
        TextWriter error = System.Console.Error;
        return new Terminal
        {
            Out = output,
            Error = error,
            Console = ConsoleOver(output, System.Console.IsOutputRedirected),
            ErrorConsole = ConsoleOver(error, System.Console.IsErrorRedirected),
            OpenInput = System.Console.OpenStandardInput,
            CanAsk = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected,
            Environment = System.Environment.GetEnvironmentVariable,
            Time = TimeProvider.System,
        };
    }

    /// <summary>A console that writes to a text writer.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isPipe">True for plain text without colours or movement.</param>
    public static IAnsiConsole ConsoleOver(TextWriter writer, bool isPipe)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isPipe ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPipe ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPipe ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isPipe)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }

    /// <summary>Prints a line of the result.</summary>
    public void Print(string line) => Out.WriteLine(line);

    /// <summary>Prints a line for the person, beside the results.</summary>
    public void Say(string line) => Error.WriteLine(line);
}
