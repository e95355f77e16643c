using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Encoding;

/// <summary>Lets a running platform encode.</summary>
internal static class RemoteEncoding
{
    /// <summary>Asks what the model is, then for the kind of vectors it gives.</summary>
    public static async Task<EncodingReport> EncodeAsync(
        PlatformClient client, string model, IReadOnlyList<string> texts, bool areQueries, CancellationToken cancellationToken)
    {
        ModelDescription description = await client.GetModelAsync(model, cancellationToken);
        bool isSparse = description.Head == "sparse";
        var request = new EmbeddingRequest
        {
            Model = model,
            Input = new EmbeddingInput(texts),
            EncodingFormat = EmbeddingFormats.Base64,
            InputType = areQueries ? EmbeddingInputTypes.Query : EmbeddingInputTypes.Document,
            IncludeTerms = isSparse,
        };
        if (isSparse)
        {
            SparseEmbeddingResponse answer = await client.EmbedSparseAsync(request, cancellationToken);
            return Report(answer.Usage, answer.Data.Select(vector => new TextVector
            {
                Text = texts[vector.Index],
                Indices = vector.Embedding.Indices.Numbers,
                Values = vector.Embedding.Values.Numbers,
                Terms = vector.Embedding.Terms,
            }));
        }

        EmbeddingResponse dense = await client.EmbedAsync(request, cancellationToken);
        return Report(dense.Usage, dense.Data.Select(vector => new TextVector { Text = texts[vector.Index], Dense = vector.Embedding.Numbers }));

        EncodingReport Report(EmbeddingUsage usage, IEnumerable<TextVector> vectors) =>
            new(model, description.Head, request.InputType, usage.PromptTokens, [.. vectors]);
    }
}
