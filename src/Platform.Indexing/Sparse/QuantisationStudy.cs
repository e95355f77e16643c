using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Measures on given documents and queries what pruning and rounding to 8-bit impacts do to scores.</summary>
/// <remarks>Holds every posting, 12 bytes each. Not thread-safe.</remarks>
/// <param name="maxWeight">The index's largest weight, stored as impact 255; larger ones are cut to it, and counted.</param>
/// <param name="topTermsPerDocument">Index-time pruning; 0 for none.</param>
/// <param name="minWeight">Index-time pruning; 0 for none.</param>
/// <param name="topTermsPerQuery">Query pruning; 0 for none.</param>
public sealed class QuantisationStudy(double maxWeight, int topTermsPerDocument = 0, double minWeight = 0, int topTermsPerQuery = 0)
{
    private readonly Dictionary<int, List<Posting>> _postings = [];
    private int _documents;
    private long _kept, _dropped, _clipped;
    private double _sumOfErrors, _largestError;

    /// <summary>Takes a document.</summary>
    /// <param name="termIds">Term ids, ascending, each once.</param>
    /// <param name="weights">One a term, above 0.</param>
    public void AddDocument(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        (int[] keptIds, float[] keptWeights) = VectorPruning.Keep(termIds, weights, topTermsPerDocument, minWeight);
        int kept = 0;
        for (int i = 0; i < termIds.Length; i++)
        {
            byte impact = 0;
            if (kept < keptIds.Length && keptIds[kept] == termIds[i])
            {
                impact = Quantise(keptWeights[kept++]);
            }
            else
            {
                _dropped++;
            }

            ref List<Posting>? list = ref CollectionsMarshal.GetValueRefOrAddDefault(_postings, termIds[i], out _);
            (list ??= []).Add(new Posting(_documents, weights[i], impact));
        }

        _documents++;
    }

    /// <summary>Scores every document for every query, in floats and as the index would.</summary>
    /// <param name="queries">Term ids, ascending, each once, and their weights.</param>
    /// <param name="cancellationToken">Looked at between queries.</param>
    public QuantisationReport Compare(IEnumerable<(int[] TermIds, float[] Weights)> queries, CancellationToken cancellationToken)
    {
        var rounding = new ScoreErrorSum();
        var whole = new ScoreErrorSum();
        var scores = new Scores(_documents);
        int count = 0;
        foreach ((int[] termIds, float[] weights) in queries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            scores.Clear();
            Score(termIds, weights, scores);
            rounding.Add(scores.Pruned, scores.Indexed, scores.Matched);
            whole.Add(scores.Given, scores.Indexed, scores.Matched);
        }

        bool prunes = topTermsPerDocument > 0 || minWeight > 0 || topTermsPerQuery > 0;
        return new QuantisationReport
        {
            Documents = _documents,
            Queries = count,
            Weights = _kept,
            PrunedWeights = _dropped,
            ClippedWeights = _clipped,
            MeanWeightError = _sumOfErrors / Math.Max(1, _kept),
            LargestWeightError = _largestError,
            Quantisation = rounding.Total(),
            PruningAndQuantisation = prunes ? whole.Total() : null,
        };
    }

    private byte Quantise(float weight)
    {
        _kept++;
        _clipped += weight > maxWeight ? 1 : 0;
        byte impact = ImpactQuantiser.Quantise(Math.Min(weight, maxWeight), maxWeight);
        double error = Math.Abs(weight - (impact * ImpactQuantiser.Scale(maxWeight)));
        _sumOfErrors += error;
        _largestError = Math.Max(_largestError, error);
        return impact;
    }

    private void Score(int[] termIds, float[] weights, Scores scores)
    {
        (int[] keptIds, float[] keptWeights) = VectorPruning.Keep(termIds, weights, topTermsPerQuery, 0);
        var impacts = ImpactQuery.Quantise(keptIds, keptWeights);
        for (int i = 0; i < termIds.Length; i++)
        {
            int kept = Array.BinarySearch(keptIds, termIds[i]);
            int quantised = impacts.TermIds is List<int> ids ? ids.BinarySearch(termIds[i]) : -1;
            double prunedWeight = kept < 0 ? 0 : keptWeights[kept];
            double impact = quantised < 0 ? 0 : impacts.Impacts[quantised] * impacts.Scale * ImpactQuantiser.Scale(maxWeight);
            foreach (Posting posting in _postings.GetValueOrDefault(termIds[i], []))
            {
                scores.Matched[posting.Document] = true;
                scores.Given[posting.Document] += (double)weights[i] * posting.Weight;
                scores.Pruned[posting.Document] += posting.Impact == 0 ? 0 : prunedWeight * posting.Weight;
                scores.Indexed[posting.Document] += impact * posting.Impact;
            }
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Posting(int Document, float Weight, byte Impact);

    private sealed class Scores(int documents)
    {
        public double[] Given { get; } = new double[documents];

        public double[] Pruned { get; } = new double[documents];

        public double[] Indexed { get; } = new double[documents];

        public bool[] Matched { get; } = new bool[documents];

        public void Clear()
        {
            Array.Clear(Given);
            Array.Clear(Pruned);
            Array.Clear(Indexed);
            Array.Clear(Matched);
        }
    }
}
