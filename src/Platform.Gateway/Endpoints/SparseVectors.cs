using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Checks given sparse vectors and packs them for the wire.</summary>
internal static class SparseVectors
{
    /// <summary>Packs a document's vector; null if it has no terms. Whether its weights fit the index's scale, the ingest grain says.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with the place and the value.</exception>
    public static PackedSparseVector? PackDocument(SparseVector given, int maxTerms)
    {
        int[] termIds = TermIdsOf(given, maxTerms);
        float[] weights = WeightsOf(given);
        int notPositive = Array.FindIndex(weights, w => w <= 0);
        if (notPositive >= 0)
        {
            throw Invalid($"sparse.values[{notPositive}] is {given.Values[notPositive]}; a document's weights are above 0 as 32-bit floats. Leave the term out.");
        }

        return termIds.Length == 0 ? null : Pack(termIds, weights);
    }

    /// <summary>Packs a query's vector without its zero weights; negative weights are kept.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with the place and the value.</exception>
    public static PackedSparseVector PackQuery(SparseVector given, int maxTerms)
    {
        int[] termIds = TermIdsOf(given, maxTerms);
        float[] weights = WeightsOf(given);
        int[] used = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] != 0)];
        return used.Length == 0
            ? throw Invalid($"sparse has no weight other than 0; a query needs at least one.")
            : Pack([.. used.Select(i => termIds[i])], [.. used.Select(i => weights[i])]);
    }

    private static int[] TermIdsOf(SparseVector given, int maxTerms)
    {
        // The contract's type says that both are there; JSON may still leave one out.
        if (given.Indices is null || given.Values is null)
        {
            throw Invalid($"sparse needs both 'indices' and 'values'.");
        }

        if (given.Indices.Count != given.Values.Count)
        {
            throw Invalid($"sparse has {given.Indices.Count} indices and {given.Values.Count} values; it needs one value an index.");
        }

        if (given.Indices.Count > maxTerms)
        {
            throw Invalid($"sparse has {given.Indices.Count} terms; at most {maxTerms} are allowed. Keep the heaviest.");
        }

        int[] termIds = new int[given.Indices.Count];
        var seen = new HashSet<int>(termIds.Length);
        for (int i = 0; i < termIds.Length; i++)
        {
            long termId = given.Indices[i];
            if (termId is < 0 or > int.MaxValue)
            {
                throw Invalid($"sparse.indices[{i}] is {termId}; term ids are 0 to {int.MaxValue}.");
            }

            termIds[i] = (int)termId;
            if (!seen.Add(termIds[i]))
            {
                throw Invalid($"sparse.indices[{i}] is {termId} once more; each index stands once. Add their weights up.");
            }
        }

        return termIds;
    }

    private static float[] WeightsOf(SparseVector given)
    {
        float[] weights = new float[given.Values.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)given.Values[i];
            if (!float.IsFinite(weights[i]))
            {
                throw Invalid($"sparse.values[{i}] is {given.Values[i]}; weights are finite 32-bit floats.");
            }
        }

        return weights;
    }

    private static PackedSparseVector Pack(int[] termIds, float[] weights)
    {
        Array.Sort(termIds, weights);
        return PackedSparseVector.Pack(termIds, weights);
    }

    private static RequestException Invalid(FormattableString detail) =>
        new(Fault.Invalid($"Member {FormattableString.Invariant(detail)}"));
}
