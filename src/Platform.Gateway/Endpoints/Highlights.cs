using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Between the contract's words for highlights and the cluster's.</summary>
internal static class Highlights
{
    private const int MaxHits = 100;

    /// <summary>Checks what is asked for; null for none.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>.</exception>
    public static HighlightWanted? Validate(SearchRequest request) => request.Highlight switch
    {
        null => null,
        { Fragments: < 1 or > 10 } spec => throw Invalid($"Member 'highlight.fragments' is {spec.Fragments}; it must be 1 to 10."),
        { Length: < 40 or > 1_000 } spec => throw Invalid($"Member 'highlight.length' is {spec.Length}; it must be 40 to 1000."),
        _ when request.Top > MaxHits => throw Invalid($"Member 'top' is {request.Top} with 'highlight'; it must be 1 to {MaxHits}. Ask for fewer hits, or page by page."),
        { } spec => new HighlightWanted(spec.Fragments, spec.Length),
    };

    /// <summary>A hit's pieces as a caller reads them.</summary>
    public static IReadOnlyList<HighlightFragment>? Describe(Highlight[]? highlights) => highlights is null ? null :
    [
        .. highlights.Select(piece => new HighlightFragment(
            piece.Field, piece.Text, [.. piece.Marks.Chunk(2).Select(mark => new HighlightMark(mark[0], mark[1]))])),
    ];

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
