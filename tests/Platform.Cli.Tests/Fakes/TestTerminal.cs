using System.Diagnostics.CodeAnalysis;
using System.Text;
using Platform.Cli.Commands;
using Platform.Cli.Output;
using Spectre.Console.Testing;

namespace Platform.Cli.Tests.Fakes;

/// <summary>A terminal whose streams a test reads; both are pipes unless told otherwise.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A StringWriter holds nothing to let go.")]
internal sealed class TestTerminal
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public Dictionary<string, string> Environment { get; } = [];

    public string Input { get; set; } = "";

    /// <summary>A person at the terminal; null for none.</summary>
    public TestConsole? Person { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Terminal Terminal => TerminalWritingTo(_output);

    public Terminal TerminalWritingTo(TextWriter output) => new()
    {
        Out = output,
        Error = _error,
        Console = Terminal.ConsoleOver(output, isPipe: true),
        ErrorConsole = Person ?? Terminal.ConsoleOver(_error, isPipe: true),
        OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
        CanAsk = Person is not null,
        Environment = name => Environment.GetValueOrDefault(name),
        Time = Time,
    };

    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        new CommandLine(Terminal).RunAsync(arguments, cancellationToken);
}
