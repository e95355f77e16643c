using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Which legs a search asks for, and how they are fused: what a request may say of it. What an index can do, the cluster knows.</summary>
internal static class SearchModes
{
    private const int MaxK = 100_000;

    /// <summary>The mode that a request names; checks that the query's members go with it.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with member, value and remedy.</exception>
    public static SearchMode Validate(SearchRequest request)
    {
        SearchMode mode = request.Mode switch
        {
            null => SearchMode.Inferred,
            "lexical" => SearchMode.Lexical,
            "sparse" => SearchMode.Sparse,
            "dense" => SearchMode.Dense,
            "hybrid" => SearchMode.Hybrid,
            _ => throw Invalid($"Member 'mode' is '{Fault.Shorten(request.Mode)}'; it must be lexical, sparse, dense or hybrid."),
        };
        (bool text, bool sparse, bool dense) = (request.Text is not null, request.Sparse is not null, request.Dense is not null);
        string? fault = (mode, text, sparse, dense) switch
        {
            (_, false, false, false) => "The query is missing: give 'text', 'sparse' with 'indices' and 'values', or 'dense'.",
            (_, true, true, true) => "'text', 'sparse' and 'dense' are given; a hybrid search takes two of them.",
            (SearchMode.Inferred, true, true, _) => "Both 'text' and 'sparse' are given; a query is one of them. With mode hybrid the text is for the dense leg.",
            (SearchMode.Lexical, false, _, _) => "Mode 'lexical' needs 'text'.",
            (SearchMode.Lexical, _, true, _) or (SearchMode.Lexical, _, _, true) => "Mode 'lexical' takes only 'text'; leave the vectors out, or use mode hybrid.",
            (SearchMode.Sparse, _, _, true) => "Mode 'sparse' takes no 'dense'; leave it out, or use mode hybrid.",
            (SearchMode.Sparse, true, true, _) => "Both 'text' and 'sparse' are given; mode 'sparse' takes one of them.",
            (SearchMode.Dense, _, true, _) => "Mode 'dense' takes no 'sparse'; leave it out, or use mode hybrid.",
            (SearchMode.Dense, true, _, true) => "Both 'text' and 'dense' are given; mode 'dense' takes one of them.",
            (SearchMode.Hybrid, false, false, _) => "Mode 'hybrid' needs 'text' or 'sparse' beside 'dense'.",
            (SearchMode.Hybrid, false, _, false) => "Mode 'hybrid' needs 'text' or 'dense' beside 'sparse'.",
            _ => null,
        };
        return fault is null ? mode : throw Invalid(fault);
    }

    /// <summary>How the hits are fused; null for the default.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with member, value, limit and remedy.</exception>
    public static Fusion? FusionOf(SearchRequest request, SearchMode mode, int maxHits)
    {
        bool isHybrid = mode == SearchMode.Hybrid || (mode == SearchMode.Inferred && request.Dense is not null && (request.Text ?? (object?)request.Sparse) is not null);
        if (!isHybrid)
        {
            return request.Fusion is null ? null : throw Invalid("Member 'fusion' is given with a search of one leg. Leave it out, or use mode hybrid.");
        }

        FusionSpec given = request.Fusion ?? new FusionSpec();
        Check("k", given.K, given.K is >= 1 and <= MaxK, $"1 to {MaxK}");
        Check("denseWeight", given.DenseWeight, given.DenseWeight is >= 0 and <= 1, "0 to 1");
        Check("depth", given.Depth, given.Depth >= 1 && given.Depth <= maxHits, $"1 to {maxHits}");
        if (request.Top + request.Offset > given.Depth)
        {
            throw Invalid($"Members 'top' and 'offset' are {request.Top} and {request.Offset}, and 'fusion.depth' is {given.Depth}; a hybrid search fuses so many hits of each leg. Raise the depth, or ask for less.");
        }

        return new Fusion
        {
            Method = given.Method switch
            {
                "rrf" => FusionMethod.ReciprocalRank,
                "min_max" => FusionMethod.MinMax,
                "z_score" => FusionMethod.ZScore,
                _ => throw Invalid($"Member 'fusion.method' is '{Fault.Shorten(given.Method)}'; it must be rrf, min_max or z_score."),
            },
            K = given.K,
            DenseWeight = given.DenseWeight,
            Depth = given.Depth,
        };
    }

    /// <summary>Where each leg found a hit.</summary>
    public static IReadOnlyList<LegHit>? Describe(LegPlace[]? legs) => legs is null ? null :
        [.. legs.Select(leg => leg.Rank == 0 ? new LegHit(NameOf(leg.Leg), null, null) : new LegHit(NameOf(leg.Leg), leg.Rank, leg.Score))];

    private static string NameOf(SearchMode leg) => leg switch
    {
        SearchMode.Lexical => "lexical",
        SearchMode.Sparse => "sparse",
        _ => "dense",
    };

    private static void Check(string member, double value, bool holds, string range)
    {
        if (!holds)
        {
            throw Invalid(FormattableString.Invariant($"Member 'fusion.{member}' is {value}; it must be {range}."));
        }
    }

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
