namespace Platform.Abstractions.Records;

/// <summary>Asks for the places where a hit's matched terms stand.</summary>
/// <param name="Fragments">How many of the title, and how many of the text, at most.</param>
/// <param name="Length">About how many UTF-16 code units each.</param>
[GenerateSerializer, Immutable, Alias("highlight-wanted")]
public sealed record HighlightWanted([property: Id(0)] int Fragments, [property: Id(1)] int Length);

/// <summary>A piece of a hit's title or text.</summary>
/// <param name="Field"><c>title</c> or <c>text</c>.</param>
/// <param name="Text">The piece.</param>
/// <param name="Marks">Start and length of each matched word in it, one after the other, in UTF-16 code units.</param>
[GenerateSerializer, Immutable, Alias("highlight")]
public sealed record Highlight([property: Id(0)] string Field, [property: Id(1)] string Text, [property: Id(2)] int[] Marks);
