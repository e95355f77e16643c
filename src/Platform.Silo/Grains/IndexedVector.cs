using Platform.Abstractions.Records;
using Platform.Indexing.Sparse;

namespace Platform.Silo.Grains;

/// <summary>The one place where an index's properties shape sparse vectors, given ones and a model's alike: pruning first, then quantisation.</summary>
internal static class IndexedVector
{
    /// <summary>A document's terms and impacts as the index keeps them.</summary>
    public static (int[] TermIds, byte[] Impacts) OfDocument(PackedSparseVector? vector, IndexDefinition definition)
    {
        if (vector is null)
        {
            return ([], []);
        }

        (int[] termIds, float[] weights) = (vector.UnpackTermIds(), vector.UnpackWeights());
        if (definition.Pruning is { } pruning)
        {
            (termIds, weights) = VectorPruning.Keep(termIds, weights, pruning.TopTermsPerDocument, pruning.MinWeight);
        }

        double maxWeight = definition.SparseMaxWeight;
        return (termIds, Array.ConvertAll(weights, weight => ImpactQuantiser.Quantise(Math.Min(weight, maxWeight), maxWeight)));
    }

    /// <summary>A query's terms as the index searches them.</summary>
    public static PackedSparseVector OfQuery(PackedSparseVector vector, IndexDefinition definition)
    {
        if (definition.Pruning is not { TopTermsPerQuery: > 0 } pruning || vector.Count <= pruning.TopTermsPerQuery)
        {
            return vector;
        }

        (int[] termIds, float[] weights) = VectorPruning.Keep(vector.UnpackTermIds(), vector.UnpackWeights(), pruning.TopTermsPerQuery, minWeight: 0);
        return PackedSparseVector.Pack(termIds, weights);
    }
}
