using System.Buffers.Binary;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>Two models: <c>dense@1</c> gives (length of the text, 0.5), <c>sparse@1</c> the weights 1.5 and 0.25 of the terms 3 and the text's length.</summary>
internal sealed class InMemoryEmbeddings(InMemoryGrains grains, string tenant) : IEmbeddingGrain
{
    public async Task<EmbeddingAnswer> EmbedAsync(EmbeddingCall request, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("embed", tenant);
        grains.LastEmbedding = request;
        EncoderIdentity model = IdentityOf(request.Model);
        return new EmbeddingAnswer
        {
            Model = model,
            TokenCounts = [.. request.Texts.Select(text => text.Length)],
            Dense = request.Sparse ? null : [.. request.Texts.Select(text => Numbers(text.Length, 0.5f))],
            Sparse = request.Sparse ? [.. request.Texts.Select(text => PackedSparseVector.Pack([3, 3 + text.Length], [1.5f, 0.25f]))] : null,
            TermTexts = request.WithTermTexts ? [.. request.Texts.Select(text => (string[])["three", text])] : null,
        };
    }

    public async Task<EncoderIdentity> DescribeAsync(string model, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("describe", tenant);
        return IdentityOf(model);
    }

    private static EncoderIdentity IdentityOf(string model) => model is "dense@1" or "sparse@1"
        ? new EncoderIdentity { Model = model, ModelHash = "abc", IsSparse = model == "sparse@1", Contract = """{"bos":1}""", ContractHash = "def" }
        : throw new PlatformException(FaultKind.EncoderMismatch, $"There is no model '{model}'.");

    private static ReadOnlyMemory<byte> Numbers(params float[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return bytes;
    }
}
