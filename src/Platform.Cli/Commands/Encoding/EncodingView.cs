using System.Globalization;
using Platform.Cli.Output;
using Spectre.Console;

namespace Platform.Cli.Commands.Encoding;

/// <summary>Vectors as a person reads them: terms with bars, or the first numbers.</summary>
internal static class EncodingView
{
    private const int BarLength = 24;

    /// <summary>Writes every text's vector.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="report">What was encoded.</param>
    /// <param name="top">Terms or numbers of each, at most.</param>
    public static void Write(Terminal terminal, EncodingReport report, int top)
    {
        foreach (TextVector vector in report.Vectors)
        {
            terminal.Console.Write(new Markup($"[bold]{Markup.Escape(Figures.Shorten(Printable(vector.Text)))}[/]\n"));
            if (vector.Dense is { } numbers)
            {
                WriteNumbers(terminal, numbers, top);
            }
            else
            {
                WriteTerms(terminal, vector, top);
            }
        }

        terminal.Console.WriteLine($"{Figures.Count(report.Tokens, "token")} encoded as {report.InputType} by {report.Model} ({report.Head}).");
    }

    private static void WriteTerms(Terminal terminal, TextVector vector, int top)
    {
        int[] heaviest = [.. Enumerable.Range(0, vector.Values!.Count).OrderByDescending(i => vector.Values[i]).ThenBy(i => i).Take(top)];
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (int i in heaviest)
        {
            string term = vector.Terms![i] is { Length: > 0 } text ? Printable(text) : $"#{vector.Indices![i]}";
            int length = (int)Math.Round(BarLength * vector.Values[i] / vector.Values[heaviest[0]]);
            grid.AddRow(new Text(vector.Values[i].ToString("F4", CultureInfo.InvariantCulture)), new Text($"'{term}'"), new Markup($"[green]{new string('█', Math.Max(1, length))}[/]"));
        }

        if (heaviest.Length > 0)
        {
            terminal.Console.Write(grid);
        }

        terminal.Console.WriteLine(heaviest.Length < vector.Values.Count
            ? $"{Figures.Count(vector.Values.Count, "term")}; the {heaviest.Length} heaviest are shown."
            : $"{Figures.Count(vector.Values.Count, "term")}.");
    }

    private static void WriteNumbers(Terminal terminal, IReadOnlyList<float> numbers, int top)
    {
        double length = Math.Sqrt(numbers.Sum(number => (double)number * number));
        string shown = string.Join(' ', numbers.Take(top).Select(number => number.ToString("F4", CultureInfo.InvariantCulture)));
        terminal.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{numbers.Count} numbers, length {length:F4}: {shown}{(numbers.Count > top ? " ..." : "")}"));
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));
}
