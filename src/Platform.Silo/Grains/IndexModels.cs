using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Dense;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Finds out what the models of a new index are; the index holds them to it.</summary>
internal sealed class IndexModels(EncoderDirectory encoders)
{
    /// <summary>The index with its models' identities, and with the dense vectors that a dense model gives it.</summary>
    /// <exception cref="PlatformException">There is no such model, it has the wrong head, or other dimensions than asked for.</exception>
    public async Task<NewIndex> ResolveAsync(NewIndex index, CancellationToken cancellationToken)
    {
        if (NewIndexRules.IsModel(index.Encoder))
        {
            EncoderIdentity model = await encoders.Of(index.Encoder).DescribeAsync(cancellationToken);
            index = index with { Model = model };
            if (!model.IsSparse)
            {
                index = index with { Dense = OfDenseEncoder(index) };
            }
        }

        return index.Dense switch
        {
            { Encoder: { } encoder } dense => index with { Dense = await ResolveAsync(dense, encoder, cancellationToken) },
            { Dimensions: 0 } => throw new PlatformException(
                FaultKind.Invalid, $"dense.dimensions is 0, and model '{index.Encoder}' gives no dense vectors. Give 1 to {VectorLayout.MaxDimensions}, or dense.encoder."),
            _ => index,
        };
    }

    private static DenseDefinition OfDenseEncoder(NewIndex index)
    {
        DenseDefinition dense = index.Dense ?? new DenseDefinition { Dimensions = 0 };
        return dense.Encoder is null || dense.Encoder == index.Encoder
            ? dense with { Encoder = index.Encoder }
            : throw new PlatformException(
                FaultKind.Invalid,
                $"Encoder '{index.Encoder}' gives dense vectors, and so does dense.encoder '{dense.Encoder}'; an index has one dense vector a document. Leave one out, or give a sparse model or lexical as the encoder.");
    }

    private async Task<DenseDefinition> ResolveAsync(DenseDefinition dense, string encoder, CancellationToken cancellationToken)
    {
        EncoderIdentity model = await encoders.Of(encoder).DescribeAsync(cancellationToken);
        string? fault = model switch
        {
            { IsSparse: true } => $"gives sparse vectors; dense.encoder needs a model with a dense head",
            { Dimensions: < 1 or > VectorLayout.MaxDimensions } => $"gives vectors of {model.Dimensions} components; an index takes 1 to {VectorLayout.MaxDimensions}",
            _ when dense.Dimensions != 0 && dense.Dimensions != model.Dimensions =>
                $"gives vectors of {model.Dimensions} components, and dense.dimensions is {dense.Dimensions}. Leave the dimensions out",
            _ => null,
        };
        return fault is null
            ? dense with { Dimensions = model.Dimensions, Model = model }
            : throw new PlatformException(FaultKind.EncoderMismatch, $"Model '{encoder}' {fault}.");
    }
}
