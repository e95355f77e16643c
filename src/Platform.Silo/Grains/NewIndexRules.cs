using System.Globalization;
using System.Numerics;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Dense;

namespace Platform.Silo.Grains;

/// <summary>What a new index must keep to; all broken rules are told at once.</summary>
internal static class NewIndexRules
{
    /// <summary>Encoder of an index with text.</summary>
    public const string Lexical = "lexical";

    /// <summary>Encoder of an index of given vectors only.</summary>
    public const string None = "none";

    /// <summary>The most shards that an index is created with; a split may make more.</summary>
    public const int MaxShards = 64;

    private const int MaxTopTerms = 65_536;

    /// <summary>Whether an encoder is a model's name.</summary>
    public static bool IsModel(string encoder) => EncoderName.TryParse(encoder, out _);

    /// <exception cref="PlatformException"><see cref="FaultKind.Invalid"/>.</exception>
    public static void Check(NewIndex index)
    {
        List<string> faults = [];
        if (!Names.IsValid(index.Name))
        {
            faults.Add($"name is '{index.Name}'; it must be {Names.Rule}");
        }

        if (index.Shards is < 1 or > MaxShards || !BitOperations.IsPow2(index.Shards))
        {
            faults.Add($"shards is {index.Shards}; it must be a power of two, 1 to {MaxShards}");
        }

        if (index.Encoder is not (Lexical or None) && !IsModel(index.Encoder))
        {
            faults.Add($"encoder is '{index.Encoder}'; it must be {Lexical}, {None}, or {EncoderName.Rule}");
        }

        if (index.K1 is not (>= 0 and <= 10))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"bm25.k1 is {index.K1}; it must be 0 to 10"));
        }

        if (index.B is not (>= 0 and <= 1))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"bm25.b is {index.B}; it must be 0 to 1"));
        }

        if (index.SparseMaxWeight is not (> 0 and <= 1_000_000))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"sparse.maxWeight is {index.SparseMaxWeight}; it must be above 0 and at most 1,000,000"));
        }

        if (index.Pruning is { } pruning)
        {
            Check(faults, pruning, index.SparseMaxWeight);
        }

        if (index.Dense is { } dense)
        {
            Check(dense, byModel: dense.Encoder is not null || IsModel(index.Encoder), faults);
        }

        foreach (FieldDefinition field in index.Fields ?? [])
        {
            if (!FieldNames.IsValid(field.Name) || !Enum.IsDefined(field.Type))
            {
                faults.Add($"field '{field.Name}' has type {field.Type}; a name is {FieldNames.Rule}, and the type one that this build knows");
            }
        }

        if (faults.Count > 0)
        {
            throw new PlatformException(FaultKind.Invalid, $"The index can't be created: {string.Join("; ", faults)}.");
        }
    }

    private static void Check(List<string> faults, IndexPruning pruning, double maxWeight)
    {
        if (pruning.TopTermsPerDocument is < 0 or > MaxTopTerms)
        {
            faults.Add($"sparse.topTermsPerDocument is {pruning.TopTermsPerDocument}; it must be 0, for all, to {MaxTopTerms}");
        }

        if (pruning.TopTermsPerQuery is < 0 or > MaxTopTerms)
        {
            faults.Add($"sparse.topTermsPerQuery is {pruning.TopTermsPerQuery}; it must be 0, for all, to {MaxTopTerms}");
        }

        if (!(pruning.MinWeight >= 0 && pruning.MinWeight <= maxWeight))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"sparse.minWeight is {pruning.MinWeight}; it must be 0, for none, to sparse.maxWeight, which is {maxWeight}"));
        }
    }

    private static void Check(DenseDefinition dense, bool byModel, List<string> faults)
    {
        if (dense.Dimensions < (byModel ? 0 : 1) || dense.Dimensions > VectorLayout.MaxDimensions)
        {
            faults.Add($"dense.dimensions is {dense.Dimensions}; it must be 1 to {VectorLayout.MaxDimensions}");
        }

        if (!Enum.IsDefined(dense.Precision) || !Enum.IsDefined(dense.Similarity))
        {
            faults.Add($"dense.precision is {dense.Precision} and dense.similarity {dense.Similarity}, which this build does not know");
        }

        if (dense.Encoder is { } encoder && !IsModel(encoder))
        {
            faults.Add($"dense.encoder is '{encoder}'; it must be a model as id@version");
        }
    }
}
