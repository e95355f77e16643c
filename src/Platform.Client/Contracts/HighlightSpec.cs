namespace Platform.Client.Contracts;

/// <summary>Asks for the places where a hit's matched terms stand.</summary>
public sealed record HighlightSpec
{
    /// <summary>How many pieces of the title, and how many of the text, at most: 1 to 10. Those with the most different matched words.</summary>
    public int Fragments { get; set; } = 2;

    /// <summary>About how many UTF-16 code units each, 40 to 1,000.</summary>
    public int Length { get; set; } = 160;
}

/// <summary>A piece of a hit's title or text.</summary>
/// <param name="Field"><c>title</c> or <c>text</c>.</param>
/// <param name="Text">The piece.</param>
/// <param name="Marks">The matched words in it: those that BM25 counts, or that begin with a term of a model.</param>
public sealed record HighlightFragment(string Field, string Text, IReadOnlyList<HighlightMark> Marks);

/// <summary>A word to mark.</summary>
/// <param name="Start">Where it begins in the piece, in UTF-16 code units.</param>
/// <param name="Length">How long it is.</param>
public readonly record struct HighlightMark(int Start, int Length);
