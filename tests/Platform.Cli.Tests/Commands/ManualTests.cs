using System.CommandLine;
using System.Text;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;

namespace Platform.Cli.Tests.Commands;

public sealed class ManualTests
{
    private static readonly string[] Paths =
        [.. All(new CommandLine(new TestTerminal().Terminal).Root).Select(command => string.Join(' ', command.Path))];

    public static TheoryData<string> Commands => [.. Paths];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_manual_page_of_every_command_has_its_summary_options_and_examples(string path)
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync([.. Words(path), "--help"]);

        Command command = Find(path);
        Assert.Equal(ExitCodes.Ok, exitCode);
        Assert.StartsWith($"{string.Join(' ', ["platform", .. Words(path)])} - {command.Description}", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("\nUSAGE\n", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("\nEXAMPLES\n", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("\nEXIT STATUS\n", terminal.Output, StringComparison.Ordinal);
        Assert.All(command.Options, option => Assert.Contains(option.Name, terminal.Output, StringComparison.Ordinal));
        Assert.All(command.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), option.Name));
        Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrEmpty(argument.Description), argument.Name));
        Assert.Empty(terminal.Error);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_example_is_a_command_line_that_parses(string path)
    {
        var page = (IManualPage)Find(path);

        Assert.NotEmpty(page.Examples);
        foreach (string line in page.Examples.Select(example => example.CommandLine))
        {
            string[] own = [.. Pieces(line).Where(piece => piece.StartsWith("platform ", StringComparison.Ordinal))];
            Assert.True(own.Length > 0 || line.StartsWith("export ", StringComparison.Ordinal), line);
            foreach (string piece in own)
            {
                ParseResult parsed = new CommandLine(new TestTerminal().Terminal).Root.Parse(ShellWords(piece["platform ".Length..]));
                Assert.True(parsed.Errors.Count == 0, $"{piece}: {string.Join(' ', parsed.Errors)}");
            }
        }
    }

    [Fact]
    public async Task The_root_page_lists_every_command()
    {
        var terminal = new TestTerminal();

        await terminal.RunAsync("--help");

        Assert.All(
            Paths.Where(path => path is not ("" or "index" or "bench" or "model")),
            path => Assert.Contains($"\n  {path} ", terminal.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_line_of_prose_is_wider_than_a_hundred_characters()
    {
        foreach (string path in Paths)
        {
            var terminal = new TestTerminal();
            await terminal.RunAsync([.. Words(path), "--help"]);
            Assert.All(
                terminal.Output.Split('\n').Where(line => !line.StartsWith("    platform", StringComparison.Ordinal)),
                line => Assert.InRange(line.Length, 0, 100));
        }
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Ok, await terminal.RunAsync("--version"));

        Assert.Matches(@"^platform \d+\.\d+", terminal.Output);
    }

    private static IEnumerable<(string[] Path, Command Command)> All(Command command, params string[] path) =>
        command.Subcommands.SelectMany(child => All(child, [.. path, child.Name])).Prepend((path, command));

    private static string[] Words(string path) => path.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Command Find(string path) =>
        All(new CommandLine(new TestTerminal().Terminal).Root).Single(command => command.Path.SequenceEqual(Words(path))).Command;

    private static string[] Pieces(string line) =>
        line.Split(["|", "&&"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The words that a shell makes of a line with quotes of both kinds.</summary>
    private static string[] ShellWords(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        char quote = '\0';
        foreach (char c in line + " ")
        {
            if (quote != '\0' ? c == quote : c is '\'' or '"')
            {
                quote = quote == '\0' ? c : '\0';
            }
            else if (c == ' ' && quote == '\0')
            {
                words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        return [.. words.Where(each => each.Length > 0)];
    }
}
