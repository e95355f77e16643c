using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Platform.Cli.Commands;
using Platform.Cli.Commands.Models;

namespace Platform.Cli.Output;

/// <summary>Writes a command's page of the manual: usage, what it does, options, examples, exit status, environment.</summary>
internal sealed class HelpWriter(TextWriter output, int width)
{
    private const int Indent = 2;
    private const int MaxLabel = 30;

    private readonly int _width = Math.Clamp(width, 60, 100);

    /// <summary>Writes the page.</summary>
    public void Write(Command command)
    {
        output.WriteLine($"{PathOf(command)} - {command.Description}");
        Section("Usage");
        output.WriteLine($"  {UsageOf(command)}");
        if (command is IManualPage { Details.Count: > 0 } manual)
        {
            Section("Description");
            for (int i = 0; i < manual.Details.Count; i++)
            {
                if (i > 0)
                {
                    output.WriteLine();
                }

                Wrap(manual.Details[i], Indent, _width).ForEach(output.WriteLine);
            }
        }

        Rows(
            "Commands",
            Leaves(command).Select(leaf => (PathOf(leaf)[(PathOf(command).Length + 1)..], leaf.Description ?? "")));
        Rows("Arguments", command.Arguments.Select(argument => (LabelOf(argument), argument.Description ?? "")));
        Rows("Options", OptionsOf(command).Select(option => (LabelOf(option), TextOf(option))));
        WriteExamples(command);
        Rows("Exit status", ExitCodes.Meanings.Select(meaning => (meaning.Code, meaning.Meaning)));
        Rows("Environment", Variables(command));
    }

    private void WriteExamples(Command command)
    {
        if (command is not IManualPage { Examples.Count: > 0 } manual)
        {
            return;
        }

        Section("Examples");
        foreach (Example example in manual.Examples)
        {
            Wrap($"{example.Purpose}:", Indent, _width).ForEach(output.WriteLine);
            output.WriteLine($"    {example.CommandLine}");   // never wrapped: it is there to be copied
        }
    }

    private void Section(string title)
    {
        output.WriteLine();
        output.WriteLine(title.ToUpperInvariant());
    }

    private void Rows(string title, IEnumerable<(string Label, string Text)> rows)
    {
        (string Label, string Text)[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        Section(title);
        int column = Indent + Math.Min(MaxLabel, all.Max(row => row.Label.Length)) + 2;
        foreach ((string label, string text) in all)
        {
            List<string> lines = Wrap(text, column, _width);
            string head = new string(' ', Indent) + label;
            if (head.Length + 2 > column)
            {
                output.WriteLine(head);
                lines.ForEach(output.WriteLine);
                continue;
            }

            output.WriteLine(lines.Count == 0 ? head : head.PadRight(column) + lines[0].TrimStart());
            lines.Skip(1).ToList().ForEach(output.WriteLine);
        }
    }

    private static List<string> Wrap(string text, int indent, int width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent + line.Length + 1 + word.Length > width)
            {
                lines.Add(new string(' ', indent) + line);
                line = "";
            }

            line += line.Length == 0 ? word : $" {word}";
        }

        if (line.Length > 0)
        {
            lines.Add(new string(' ', indent) + line);
        }

        return lines;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{PathOf(parent)} {command.Name}"
            : "platform";

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.SelectMany(
        child => child.Subcommands.Count == 0 ? [child] : Leaves(child));

    private static string UsageOf(Command command)
    {
        IEnumerable<string> required = OptionsOf(command).Where(option => option.Required).Select(LabelOf);
        IEnumerable<string> arguments = command.Arguments.Select(LabelOf);
        string verb = command.Subcommands.Count > 0 ? "COMMAND" : "";
        IEnumerable<string> parts = [PathOf(command), verb, .. arguments, .. required, "[options]"];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static string LabelOf(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name.ToUpperInvariant();
        return argument.Arity.MaximumNumberOfValues > 1 ? $"{name}..." : name;
    }

    private static string LabelOf(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias is "-h").Append(option.Name));
        return option.ValueType == typeof(bool) || option is HelpOption or VersionOption
            ? names
            : $"{names} {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";
    }

    private static string TextOf(Option option)
    {
        string text = option.Description ?? "";
        object? value = option.HasDefaultValue && option.ValueType != typeof(bool) ? option.GetDefaultValue() : null;
        return value is null or "" ? text : string.Create(CultureInfo.InvariantCulture, $"{text} [default: {value}]");
    }

    private static IEnumerable<Option> OptionsOf(Command command)
    {
        IEnumerable<Option> inherited =
            command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive);
        return command.Options.Concat(inherited).Where(option => !option.Hidden);
    }

    // A command lists the variables that its options' descriptions name; the root page lists all.
    private static IEnumerable<(string Name, string Text)> Variables(Command command)
    {
        (string Name, string Text)[] all =
        [
            (ConnectionOptions.UrlVariable, "stands in for --url"),
            (ConnectionOptions.KeyVariable, "stands in for --key, and keeps it out of the list of processes"),
            (ModelsOption.DirectoryVariable, "stands in for --models"),
            (ModelPullCommand.TokenVariable, "the token for models on the hub that need one"),
        ];
        return all.Where(variable => command is RootCommand
            || command.Options.Any(option => option.Description?.Contains(variable.Name, StringComparison.Ordinal) == true));
    }
}

/// <summary>What <c>--help</c> does.</summary>
internal sealed class ManualAction(Terminal terminal) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        new HelpWriter(terminal.Out, terminal.Console.Profile.Width).Write(parseResult.CommandResult.Command);
        return ExitCodes.Ok;
    }
}
