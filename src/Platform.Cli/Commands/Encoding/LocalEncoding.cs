using Platform.Client.Contracts;
using Platform.Encoders;
using Platform.Encoders.Contract;

namespace Platform.Cli.Commands.Encoding;

/// <summary>Encodes in this process with a model's folder.</summary>
internal static class LocalEncoding
{
    /// <summary>Encodes texts one after the other, so that memory does not grow with their number.</summary>
    /// <param name="model">How it was named.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="contract">How to encode; null for the folder's own.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="areQueries">Queries; else documents without a title.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static EncodingReport Encode(
        string model, string folder, EncoderContract? contract, IReadOnlyList<string> texts, bool areQueries, CancellationToken cancellationToken)
    {
        contract ??= OwnContract(folder);
        using var encoder = LlamaTextEncoder.Open(folder, contract, new LlamaEncoderOptions());
        long tokens = 0;
        List<TextVector> vectors = [];
        foreach (string text in texts)
        {
            int[] ids = areQueries ? encoder.TokensOfQuery(text, cancellationToken) : encoder.TokensOfDocument(null, text, cancellationToken);
            tokens += ids.Length;
            vectors.Add(contract.Head == EncoderHead.Sparse ? Sparse(encoder, text, ids, areQueries, cancellationToken) : Dense(encoder, text, ids, cancellationToken));
        }

        return new EncodingReport(
            model,
            contract.Head == EncoderHead.Sparse ? "sparse" : "dense",
            areQueries ? EmbeddingInputTypes.Query : EmbeddingInputTypes.Document,
            tokens,
            vectors);
    }

    private static EncoderContract OwnContract(string folder)
    {
        string path = Path.Combine(folder, ContractFile.Name);
        return File.Exists(path)
            ? ContractFile.Read(path)
            : throw CommandFaultException.Failed($"'{folder}' has no {ContractFile.Name}, so it is not known how to encode with it. Give --contract.");
    }

    private static TextVector Sparse(LlamaTextEncoder encoder, string text, int[] ids, bool areQueries, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return new TextVector { Text = text, Indices = [], Values = [], Terms = [] };
        }

        Platform.Encoders.Heads.SparseVector vector = encoder.EncodeSparse([ids], areQueries, cancellationToken)[0];
        return new TextVector { Text = text, Indices = vector.TermIds, Values = vector.Weights, Terms = Array.ConvertAll(vector.TermIds, encoder.TermText) };
    }

    private static TextVector Dense(LlamaTextEncoder encoder, string text, int[] ids, CancellationToken cancellationToken) =>
        new() { Text = text, Dense = ids.Length == 0 ? [] : encoder.EncodeDense([ids], cancellationToken)[0] };
}
