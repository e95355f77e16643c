using System.Globalization;
using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Sends a tenant's texts to their model's encoder in portions, and puts the vectors together.</summary>
[StatelessWorker, Reentrant]
internal sealed class EmbeddingGrain(EncoderDirectory encoders) : Grain, IEmbeddingGrain
{
    /// <summary>Bytes of an answer's vectors, at most: a model of random weights gives half a million for a text.</summary>
    internal const long MaxAnswerBytes = 64L << 20;

    private const int TextsPerCall = 64;                          // 64 sparse vectors stay below the megabyte of a message

    /// <inheritdoc/>
    public Task<EncoderIdentity> DescribeAsync(string model, CancellationToken cancellationToken) => encoders.Of(model).DescribeAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<EmbeddingAnswer> EmbedAsync(EmbeddingCall request, CancellationToken cancellationToken)
    {
        IEncoderGrain encoder = encoders.Of(request.Model);
        EncoderIdentity model = await encoder.DescribeAsync(cancellationToken);
        if (model.IsSparse != request.Sparse)
        {
            throw new PlatformException(
                FaultKind.EncoderMismatch,
                model.IsSparse
                    ? $"Model '{request.Model}' gives sparse vectors, which have no dense form. Ask for sparse embeddings."
                    : $"Model '{request.Model}' gives dense vectors, which have no terms. Ask for dense embeddings.");
        }

        List<EncodedBatch> portions = [];
        long bytes = 0;
        foreach (string[] texts in request.Texts.Chunk(TextsPerCall))
        {
            EncodedBatch portion = await encoder.EncodeAsync(new EncodeBatch { Texts = texts, AreQueries = request.AreQueries, Expected = model }, cancellationToken);
            bytes += portion.Sparse?.Sum(vector => (long)vector.TermIds.Length + vector.Weights.Length) ?? portion.Dense!.Sum(vector => (long)vector.Length);
            if (bytes > MaxAnswerBytes)
            {
                throw new PlatformException(
                    FaultKind.Invalid,
                    string.Create(CultureInfo.InvariantCulture, $"The vectors of {request.Texts.Length} texts have more than {MaxAnswerBytes:N0} bytes, which is the most of one answer. Send fewer texts at once."));
            }

            portions.Add(portion);
        }

        PackedSparseVector[]? sparse = request.Sparse ? [.. portions.SelectMany(portion => portion.Sparse!)] : null;
        return new EmbeddingAnswer
        {
            Model = model,
            TokenCounts = [.. portions.SelectMany(portion => portion.TokenCounts!)],
            Sparse = sparse,
            Dense = request.Sparse ? null : [.. portions.SelectMany(portion => portion.Dense!)],
            TermTexts = request.WithTermTexts && sparse is not null ? await TextsOfAsync(encoder, sparse, cancellationToken) : null,
        };
    }

    private static async Task<string[][]> TextsOfAsync(IEncoderGrain encoder, PackedSparseVector[] vectors, CancellationToken cancellationToken)
    {
        int[][] terms = [.. vectors.Select(vector => vector.UnpackTermIds())];
        int[] ids = [.. terms.SelectMany(of => of).Distinct()];
        string[] texts = ids.Length == 0 ? [] : await encoder.GetTermTextsAsync(ids, cancellationToken);
        Dictionary<int, string> textOf = ids.Zip(texts).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. terms.Select(of => Array.ConvertAll(of, id => textOf[id]))];
    }
}
