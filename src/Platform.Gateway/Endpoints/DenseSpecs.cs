using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Between the contract's words for an index's dense vectors and the cluster's.</summary>
internal static class DenseSpecs
{
    private const int MaxDimensions = 4096;

    private static readonly Dictionary<string, DensePrecision> Precisions = new(StringComparer.Ordinal)
    {
        ["float32"] = DensePrecision.Float32,
        ["float16"] = DensePrecision.Float16,
        ["bfloat16"] = DensePrecision.BFloat16,
        ["int8"] = DensePrecision.Int8,
    };

    private static readonly Dictionary<string, DenseSimilarity> Similarities = new(StringComparer.Ordinal)
    {
        ["inner_product"] = DenseSimilarity.InnerProduct,
        ["cosine"] = DenseSimilarity.Cosine,
    };

    /// <summary>What a tenant asks for; adds each fault to a list.</summary>
    /// <param name="spec">The request's.</param>
    /// <param name="encoder">The index's encoder.</param>
    /// <param name="faults">Takes the messages.</param>
    public static DenseDefinition Validate(DenseSpec spec, string encoder, List<string> faults)
    {
        bool byModel = spec.Encoder is not null || encoder.Contains('@', StringComparison.Ordinal);
        if (spec.Dimensions is null && !byModel)
        {
            faults.Add($"Member 'dense.dimensions' is missing; give 1 to {MaxDimensions}, or 'dense.encoder' with a model as 'id@version'.");
        }

        if (spec.Dimensions is < 1 or > MaxDimensions)
        {
            faults.Add($"Member 'dense.dimensions' is {spec.Dimensions}; it must be 1 to {MaxDimensions}.");
        }

        if (!Precisions.TryGetValue(spec.Precision, out DensePrecision precision))
        {
            faults.Add($"Member 'dense.precision' is '{Fault.Shorten(spec.Precision)}'; it must be {string.Join(", ", Precisions.Keys)}.");
        }

        if (!Similarities.TryGetValue(spec.Similarity, out DenseSimilarity similarity))
        {
            faults.Add($"Member 'dense.similarity' is '{Fault.Shorten(spec.Similarity)}'; it must be {string.Join(" or ", Similarities.Keys)}.");
        }

        return new DenseDefinition { Dimensions = spec.Dimensions ?? 0, Precision = precision, Similarity = similarity, Encoder = spec.Encoder };
    }

    /// <summary>An index's dense vectors as its tenant sees them.</summary>
    public static DenseSpec? Describe(DenseDefinition? dense) => dense is null ? null : new DenseSpec
    {
        Dimensions = dense.Dimensions,
        Precision = Precisions.First(entry => entry.Value == dense.Precision).Key,
        Similarity = Similarities.First(entry => entry.Value == dense.Similarity).Key,
        Encoder = dense.Encoder,
    };
}
