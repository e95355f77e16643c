using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Microsoft.Extensions.Options;
using Platform.Cli.Commands.Benchmarks;
using Platform.Cli.Commands.Encoding;
using Platform.Cli.Commands.Evaluating;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Commands.Ingesting;
using Platform.Cli.Commands.Models;
using Platform.Cli.Commands.Snapshots;
using Platform.Cli.Commands.Training;
using Platform.Cli.Hosting;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Encoders;
using Platform.Evaluation.Collections;
using Platform.Training.Data;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Cli.Commands;

/// <summary>The whole command line: parses, runs, and turns every outcome into an exit code and at most one line of error.</summary>
internal sealed class CommandLine
{
    private const string WholeNumber = "; it must be a whole number.";

    private readonly Terminal _terminal;
    private readonly RootCommand _root;
    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Show the whole chain of errors with stack traces, not one line.",
        Recursive = true,
    };

    public CommandLine(Terminal terminal)
    {
        _terminal = terminal;
        _root = new ManualRoot();
        _root.Add(new DemoCommand(terminal));
        _root.Add(new ServeCommand(terminal));
        _root.Add(new IndexCommand(terminal));
        _root.Add(new SnapshotCommand(terminal));
        _root.Add(new IngestCommand(terminal));
        _root.Add(new SearchCommand(terminal));
        _root.Add(new EvalCommand(terminal));
        _root.Add(new CompareCommand(terminal));
        _root.Add(new ModelCommand(terminal));
        _root.Add(new TrainCommand(terminal));
        _root.Add(new EncodeCommand(terminal));
        _root.Add(new BenchCommand(terminal));
        _root.Add(_verbose);
        foreach (Option option in _root.Options)
        {
            switch (option)
            {
                case HelpOption help:
                    help.Action = new ManualAction(terminal);
                    help.Description = "Show the manual page of a command.";
                    break;
                case VersionOption version:
                    version.Action = new VersionAction(terminal);
                    version.Description = "Show the version.";
                    break;
            }
        }
    }

    /// <summary>Every command that does something, for tests of the manual.</summary>
    internal RootCommand Root => _root;

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // '@' begins no file of arguments here: it may begin a query.
        ParseResult parsed = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction or null)
        {
            return Misunderstood(parsed);
        }

        var invocation = new InvocationConfiguration
        {
            Output = _terminal.Out,
            Error = _terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,   // signals are Program.cs's
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (Exception fault)
        {
            if (parsed.GetValue(_verbose))
            {
                _terminal.Say(fault.ToString());
            }

            return Report(fault, cancellationToken.IsCancellationRequested);
        }
    }

    private int Misunderstood(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
        {
            new HelpWriter(_terminal.Error, _terminal.ErrorConsole.Profile.Width).Write(command);
            return ExitCodes.Usage;
        }

        // A word that is no command also counts as a missing command: it is told once.
        IEnumerable<string> messages = command.Subcommands.Count > 0
            ? parsed.UnmatchedTokens.Take(1).Select(word => $"'{word}' is no command here.")
            : parsed.Errors.Select(error => InPlainWords(error.Message)).Distinct();
        foreach (string message in messages)
        {
            _terminal.Say($"platform: {message}");
        }

        _terminal.Say($"Try '{string.Join(' ', PathOf(command))} --help'.");
        return ExitCodes.Usage;
    }

    private int Report(Exception fault, bool cancelled)
    {
        if (cancelled)
        {
            // A silo that is stopped while it starts throws its own kind of cancellation: what comes after Ctrl-C is Ctrl-C's.
            _terminal.Say("platform: cancelled.");
            return ExitCodes.Cancelled;
        }

        (int exitCode, string message) = fault switch
        {
            CommandFaultException command => (command.ExitCode, command.Message),
            PlatformConfigurationException configuration => (ExitCodes.Usage, configuration.Message),
            OptionsValidationException options =>
                (ExitCodes.Usage, new PlatformConfigurationException([.. options.Failures]).Message),
            PlatformClientException client => (ExitCodes.Failed, WithTrace(client)),
            CollectionFormatException collection => (ExitCodes.Failed, collection.Message),
            ModelFileException model => (ExitCodes.Failed, model.Message),
            RecipeException recipe => (ExitCodes.Usage, recipe.Message),
            TrainingFormatException data => (ExitCodes.Failed, data.Message),
            TrainingStoppedException or TrainingFolderBusyException => (ExitCodes.Failed, fault.Message),
            HttpRequestException { InnerException: ModelFileException refused } => (ExitCodes.Failed, refused.Message),
            HttpRequestException connection => (ExitCodes.Failed, $"{FirstLine(connection.Message)} Run the command again."),
            IOException or UnauthorizedAccessException => (ExitCodes.Failed, fault.Message),
            _ => (ExitCodes.Failed, $"{fault.GetType().Name}: {FirstLine(fault.Message)} Run again with --verbose for the whole error."),
        };
        _terminal.Say($"platform: {message}");
        return exitCode;
    }

    private static string InPlainWords(string message) => message
        .Replace(" as expected type 'System.Int32'.", WholeNumber, StringComparison.Ordinal)
        .Replace(" as expected type 'System.Nullable`1[System.Int32]'.", WholeNumber, StringComparison.Ordinal)
        .Replace(" as expected type 'System.Double'.", "; it must be a number.", StringComparison.Ordinal);

    private static string WithTrace(PlatformClientException fault) =>
        fault.Problem.TraceId is { Length: > 0 } trace && fault.Problem.Status >= 500
        ? $"{fault.Message} (trace {trace})"
        : fault.Message;

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();

    private static IEnumerable<string> PathOf(Command command) =>
        command.Parents.OfType<Command>().SelectMany(PathOf).Append(command is RootCommand ? "platform" : command.Name);

    private sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            string? version = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            terminal.Print($"platform {version}");
            return ExitCodes.Ok;
        }
    }

    private sealed class ManualRoot() : RootCommand(Summary), IManualPage
    {
        private const string Summary = "an elastic index platform for learned sparse and dense retrieval";

        public IReadOnlyList<string> Details =>
        [
            "Tenants send documents; encoders turn them into vectors; shards hold them in inverted indexes; a query goes to every shard, "
            + "and their answers merge to the best documents. This one program is the server (serve), its client (index, ingest, search), "
            + "the evaluator (eval, compare) and the benchmark (bench).",
            "Results go to standard output, everything else to standard error. With --json a command prints one JSON object and nothing "
            + "else. Progress is a bar on a terminal and plain lines in a pipe.",
        ];

        public IReadOnlyList<Example> Examples =>
        [
            new("platform demo", "See everything work, in a few minutes, with nothing but the .NET SDK"),
            new("platform serve", "Start a platform; it prints an API key once"),
            new($"export {ConnectionOptions.KeyVariable}=...", "In another terminal, name the key"),
            new("platform index create articles", "Make an index"),
            new("platform ingest articles corpus.jsonl", "Write documents into it"),
            new("platform search articles \"wing in a slipstream\" --explain", "Find some, and see why"),
            new("platform eval --collection scifact", "Measure how good the answers are"),
        ];
    }
}
