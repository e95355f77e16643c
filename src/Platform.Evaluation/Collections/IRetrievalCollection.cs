using System.Diagnostics.CodeAnalysis;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Collections;

/// <summary>A test collection: documents, queries, and judgements by split.</summary>
/// <remarks>Documents and queries stream from where they lie; each enumeration starts again.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A test collection is the field's word, not a .NET collection.")]
public interface IRetrievalCollection
{
    /// <summary>A short name for reports.</summary>
    string Name { get; }

    /// <summary>The names of the judged parts, by ascending name; for example dev, test, train.</summary>
    IReadOnlyList<string> Splits { get; }

    /// <summary>Streams the documents in their stored order.</summary>
    /// <exception cref="CollectionFormatException">A file is missing or is not what it should be.</exception>
    IAsyncEnumerable<CollectionDocument> ReadDocumentsAsync(CancellationToken cancellationToken = default);

    /// <summary>Streams the queries in their stored order: those judged in <paramref name="split"/>, or all for null.</summary>
    /// <exception cref="CollectionFormatException">As for documents; also a query id that occurs twice, an unknown split.</exception>
    IAsyncEnumerable<CollectionQuery> ReadQueriesAsync(string? split = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the judgements of a split.</summary>
    /// <exception cref="CollectionFormatException">The split is unknown (the message lists those that exist) or broken.</exception>
    Qrels ReadQrels(string split);
}
