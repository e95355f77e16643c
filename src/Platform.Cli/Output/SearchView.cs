using System.Globalization;
using Platform.Cli.Commands;
using Platform.Client.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Platform.Cli.Output;

/// <summary>Search answers as a table: rank, score, title, id, the place in the text, and what each term contributed.</summary>
internal static class SearchView
{
    private const int SnippetLength = 240;
    private const int BarLength = 24;

    /// <summary>Writes an answer.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="firstRank">The rank of the first hit, from 1.</param>
    public static void Write(Terminal terminal, string query, SearchResponse answer, int firstRank)
    {
        if (answer.Hits.Count > 0)
        {
            Table table = IndexTables.NewTable(("#", true), ("Score", true), ("Document", false));
            for (int i = 0; i < answer.Hits.Count; i++)
            {
                SearchHit hit = answer.Hits[i];
                table.AddRow(
                    new Text(Figures.Count(firstRank + i)), new Text(Figures.Score(hit.Score)), Describe(hit, query));
            }

            terminal.Console.Write(table);
        }

        foreach (Facet facet in answer.Facets ?? [])
        {
            terminal.Console.WriteLine($"{facet.Field} ({Figures.Count(facet.Distinct, "value")}): {string.Join(", ", facet.Values.Select(value => $"{value.Value} {Figures.Count(value.Count)}"))}");
        }

        terminal.Console.WriteLine(
            $"{Figures.Count(answer.Hits.Count, "hit")} in {Figures.Milliseconds(answer.TookMilliseconds)}.");
        if (answer.Execution is { } execution && (!execution.Exact || execution.Work is not null))
        {
            terminal.Console.WriteLine(Describe(execution));
        }
    }

    /// <summary>How a sparse query was answered, in one line.</summary>
    private static string Describe(SearchExecution execution)
    {
        string how = execution.Exact ? "Exact" : $"Approximate ({PruningOptions.Describe(execution.Pruning)})";
        string by = execution.Algorithms.Count == 0 ? "" : $" by {string.Join(", ", execution.Algorithms)}";
        return execution.Work is not { } work
            ? $"{how}{by}."
            : $"{how}{by}: {Figures.Count(work.Superblocks, "superblock")}, {Figures.Count(work.Blocks, "block")} and {Figures.Count(work.Documents, "document")} visited, "
                + $"{Figures.Count(work.Postings)} of {Figures.Count(work.AllPostings, "posting")} added, in {Figures.Count(work.Segments, "segment")}.";
    }

    private static Rows Describe(SearchHit hit, string query)
    {
        List<IRenderable> lines = [];
        if (hit.Document?.Title is { Length: > 0 } title)
        {
            lines.Add(new Markup($"[bold]{Markup.Escape(title)}[/]"));
        }

        lines.Add(new Markup($"[dim]{Markup.Escape(hit.Id)}[/]"));
        if ((hit.Group ?? hit.SortValue) is { } value)
        {
            lines.Add(new Text($"{(hit.Group is null ? "value" : "group")} {value}"));
        }

        if (hit.Document?.Text is { Length: > 0 } text)
        {
            lines.Add(new Markup(Snippet.Of(text, query, SnippetLength)));
        }

        if (hit.Explanation is { Count: > 0 } terms)
        {
            lines.Add(Bars(terms));
        }

        if (hit.Legs is { } legs)
        {
            lines.Add(new Text(string.Join(", ", legs.Select(leg => leg.Rank is null
                ? $"{leg.Leg} not among its best"
                : string.Create(CultureInfo.InvariantCulture, $"{leg.Leg} rank {leg.Rank} with {leg.Score:F4}")))));
        }

        return new Rows(lines);
    }

    /// <summary>A bar a term, as long as its contribution beside the largest.</summary>
    private static Grid Bars(IReadOnlyList<TermContribution> terms)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        double largest = terms.Max(term => Math.Abs(term.Contribution));
        foreach (TermContribution term in terms)
        {
            int length = largest > 0 ? (int)Math.Round(BarLength * Math.Abs(term.Contribution) / largest) : 0;
            string figures = string.Create(
                CultureInfo.InvariantCulture,
                $"{term.Contribution:F4} = {term.QueryWeight:F3} in the query × {term.DocumentWeight:F3} in the document");
            grid.AddRow(
                new Text(term.Term),
                new Markup($"[green]{new string('█', Math.Max(1, length))}[/]"),
                new Text(figures));
        }

        return grid;
    }
}
