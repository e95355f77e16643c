using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Fields;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Between the contract's words for an index and the cluster's.</summary>
internal static class IndexSpecs
{
    private const int MaxShards = 64;
    private const double MaxSparseWeight = 1_000_000;
    private const int MaxTopTerms = 65_536;

    private static readonly IndexPruning Unpruned = new(0, 0, 0);

    /// <summary>Checks what a tenant asks for. Whether the encoder is there, its catalogue knows.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>, naming every fault at once.</exception>
    public static NewIndex Validate(IndexSpec spec)
    {
        var faults = new List<string>();
        if (!Names.IsValid(spec.Name))
        {
            faults.Add(string.IsNullOrEmpty(spec.Name)
                ? $"Member 'name' is missing; a name is {Names.Rule}."
                : $"Member 'name' is '{Fault.Shorten(spec.Name)}'; a name is {Names.Rule}.");
        }

        if (spec.Shards is < 1 or > MaxShards || (spec.Shards & (spec.Shards - 1)) != 0)
        {
            faults.Add($"Member 'shards' is {spec.Shards}; it must be a power of two, 1 to {MaxShards}.");
        }

        if (spec.Encoder.Length == 0)
        {
            faults.Add("Member 'encoder' is empty; use 'lexical', a model as 'id@version', or 'none' for an index of given vectors only.");
        }

        Check(faults, "bm25.k1", spec.Bm25.K1, spec.Bm25.K1 is >= 0 and <= 10, "0 to 10");
        Check(faults, "bm25.b", spec.Bm25.B, spec.Bm25.B is >= 0 and <= 1, "0 to 1");
        double maxWeight = spec.Sparse.MaxWeight;
        Check(faults, "sparse.maxWeight", maxWeight, maxWeight is > 0 and <= MaxSparseWeight, "above 0 and at most 1,000,000");
        IndexPruning pruning = PruningOf(faults, spec.Sparse);
        DenseDefinition? dense = spec.Dense is null ? null : DenseSpecs.Validate(spec.Dense, spec.Encoder, faults);
        FieldDefinition[]? fields = FieldSpecs.Validate(spec.Fields, faults);
        return faults.Count > 0
            ? throw new RequestException(Fault.Invalid(string.Join(' ', faults)))
            : new NewIndex
            {
                Name = spec.Name,
                Shards = spec.Shards,
                Encoder = spec.Encoder,
                K1 = spec.Bm25.K1,
                B = spec.Bm25.B,
                SparseMaxWeight = maxWeight,
                Pruning = pruning == Unpruned ? null : pruning,
                Dense = dense,
                Fields = fields,
            };
    }

    /// <summary>An index as its tenant sees it.</summary>
    public static IndexDescription Describe(IndexDefinition index) => new()
    {
        Name = index.Name,
        Shards = index.Shards.Ranges.Length,
        Encoder = index.Encoder,
        Bm25 = new Bm25Spec { K1 = index.K1, B = index.B },
        Sparse = new SparseSpec
        {
            MaxWeight = index.SparseMaxWeight,
            TopTermsPerDocument = (index.Pruning ?? Unpruned).TopTermsPerDocument,
            MinWeight = (index.Pruning ?? Unpruned).MinWeight,
            TopTermsPerQuery = (index.Pruning ?? Unpruned).TopTermsPerQuery,
        },
        Dense = DenseSpecs.Describe(index.Dense),
        Fields = FieldSpecs.Describe(index.Fields),
        Generation = index.Generation,
        CreatedAt = index.CreatedAt,
    };

    private static IndexPruning PruningOf(List<string> faults, SparseSpec sparse)
    {
        Check(faults, "sparse.topTermsPerDocument", sparse.TopTermsPerDocument, sparse.TopTermsPerDocument is >= 0 and <= MaxTopTerms, "0, for all, to 65,536");
        Check(faults, "sparse.topTermsPerQuery", sparse.TopTermsPerQuery, sparse.TopTermsPerQuery is >= 0 and <= MaxTopTerms, "0, for all, to 65,536");
        Check(faults, "sparse.minWeight", sparse.MinWeight, sparse.MinWeight >= 0 && sparse.MinWeight <= sparse.MaxWeight, "0, for none, to sparse.maxWeight");
        return new IndexPruning(sparse.TopTermsPerDocument, sparse.MinWeight, sparse.TopTermsPerQuery);
    }

    private static void Check(List<string> faults, string member, double value, bool holds, string range)
    {
        if (!holds)
        {
            faults.Add(FormattableString.Invariant($"Member '{member}' is {value}; it must be {range}."));
        }
    }
}
