using Platform.Evaluation.Collections;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>Dense vectors of a collection's documents and queries that some encoder made elsewhere.</summary>
/// <param name="Documents">By document id; a document may lack one.</param>
/// <param name="Queries">By query id.</param>
internal sealed record GivenVectors(VectorFile Documents, VectorFile Queries) : IDisposable
{
    /// <summary>Opens <c>PREFIX.corpus</c> and <c>PREFIX.queries</c>; null without a prefix.</summary>
    /// <exception cref="CollectionFormatException">A file is missing or not what it should be.</exception>
    /// <exception cref="CommandFaultException">Documents and queries differ in dimension.</exception>
    public static GivenVectors? Open(string? prefix)
    {
        if (prefix is null)
        {
            return null;
        }

        var vectors = new GivenVectors(VectorFile.Open(prefix + ".corpus"), VectorFile.Open(prefix + ".queries"));
        if (vectors.Documents.Dimensions == vectors.Queries.Dimensions)
        {
            return vectors;
        }

        using (vectors)
        {
            throw CommandFaultException.Usage(
                $"--vectors names documents of {vectors.Documents.Dimensions} components and queries of {vectors.Queries.Dimensions}; one encoder makes both.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Documents.Dispose();
        Queries.Dispose();
    }
}
