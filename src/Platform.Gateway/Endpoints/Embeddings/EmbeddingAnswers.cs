using System.Runtime.InteropServices;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Embeddings;

/// <summary>The cluster's vectors in the contract's form.</summary>
internal static class EmbeddingAnswers
{
    /// <summary>Dense vectors.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>: other dimensions than the model's were asked for.</exception>
    public static EmbeddingResponse Dense(EmbeddingRequest request, EmbeddingAnswer answer)
    {
        int dimensions = answer.Dense!.Max(vector => vector.Length) / sizeof(float);
        if (request.Dimensions is { } asked && asked != dimensions)
        {
            throw new RequestException(Fault.Invalid($"Member 'dimensions' is {asked}; vectors of model '{request.Model}' have {dimensions} and are not shortened. Leave it out."));
        }

        return new EmbeddingResponse
        {
            Data = [.. answer.Dense!.Select((vector, i) => new DenseEmbedding { Index = i, Embedding = new PackedNumbers(Numbers(vector), IsBase64(request)) })],
            Model = request.Model,
            Usage = UsageOf(answer),
        };
    }

    /// <summary>Sparse vectors.</summary>
    public static SparseEmbeddingResponse Sparse(EmbeddingRequest request, EmbeddingAnswer answer) => new()
    {
        Data = [.. answer.Sparse!.Select((vector, i) => new SparseEmbedding
        {
            Index = i,
            Embedding = new TermWeights
            {
                Indices = new PackedWholeNumbers(vector.UnpackTermIds(), IsBase64(request)),
                Values = new PackedNumbers(vector.UnpackWeights(), IsBase64(request)),
                Terms = answer.TermTexts?[i],
            },
        })],
        Model = request.Model,
        Usage = UsageOf(answer),
    };

    private static bool IsBase64(EmbeddingRequest request) => request.EncodingFormat == EmbeddingFormats.Base64;

    private static float[] Numbers(ReadOnlyMemory<byte> packed) => MemoryMarshal.Cast<byte, float>(packed.Span).ToArray();

    private static EmbeddingUsage UsageOf(EmbeddingAnswer answer)
    {
        long tokens = answer.TokenCounts.Sum(count => (long)count);
        return new EmbeddingUsage { PromptTokens = tokens, TotalTokens = tokens };
    }
}
