namespace Platform.Indexing.Sparse;

/// <summary>What an index's 8-bit impacts cost beside float weights; see <see cref="QuantisationStudy"/>.</summary>
public sealed record QuantisationReport
{
    /// <summary>Documents compared.</summary>
    public required long Documents { get; init; }

    /// <summary>Queries compared.</summary>
    public required long Queries { get; init; }

    /// <summary>Document weights that the index keeps.</summary>
    public required long Weights { get; init; }

    /// <summary>Document weights that index-time pruning drops.</summary>
    public required long PrunedWeights { get; init; }

    /// <summary>Weights above the index's largest, cut to it.</summary>
    public required long ClippedWeights { get; init; }

    /// <summary>Mean absolute error of a kept weight.</summary>
    public required double MeanWeightError { get; init; }

    /// <summary>Largest absolute error of a kept weight.</summary>
    public required double LargestWeightError { get; init; }

    /// <summary>The index's scores beside float scores of what it keeps of the vectors: what rounding costs.</summary>
    public required ScoreErrors Quantisation { get; init; }

    /// <summary>The index's scores beside float scores of the whole vectors; null if the index prunes nothing.</summary>
    public ScoreErrors? PruningAndQuantisation { get; init; }
}

/// <summary>Errors of scores.</summary>
/// <param name="Scores">Pairs of query and document with a term in common.</param>
/// <param name="MeanScore">Mean absolute float score, to measure the errors by.</param>
/// <param name="MeanError">Mean absolute difference of the index's score and the float score.</param>
/// <param name="LargestError">Largest absolute difference.</param>
/// <param name="OverlapAt10">Mean share of the ten best by float score that are among the index's ten best, 0 to 1.</param>
public sealed record ScoreErrors(long Scores, double MeanScore, double MeanError, double LargestError, double OverlapAt10);

/// <summary>Sums the errors of many queries.</summary>
internal sealed class ScoreErrorSum
{
    private const int Cut = 10;

    private long _scores, _queries;
    private double _sum, _errors, _largest, _overlaps;

    /// <summary>Adds a query's scores, one a document.</summary>
    public void Add(double[] expected, double[] actual, bool[] matched)
    {
        List<int> documents = [];
        for (int document = 0; document < matched.Length; document++)
        {
            if (matched[document])
            {
                documents.Add(document);
                double error = Math.Abs(expected[document] - actual[document]);
                _sum += Math.Abs(expected[document]);
                _errors += error;
                _largest = Math.Max(_largest, error);
            }
        }

        _scores += documents.Count;
        if (documents.Count > 0)
        {
            HashSet<int> best = [.. Best(documents, expected)];
            _overlaps += Best(documents, actual).Count(best.Contains) / (double)best.Count;
            _queries++;
        }
    }

    /// <summary>The means.</summary>
    public ScoreErrors Total() => new(
        _scores, _sum / Math.Max(1, _scores), _errors / Math.Max(1, _scores), _largest, _queries == 0 ? 1 : _overlaps / _queries);

    // Of equal scores those of earlier documents, on both sides.
    private static IEnumerable<int> Best(List<int> documents, double[] scores) =>
        documents.OrderByDescending(document => scores[document]).ThenBy(document => document).Take(Cut);
}
