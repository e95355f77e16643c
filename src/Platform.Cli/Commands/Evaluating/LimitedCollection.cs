using System.Diagnostics.CodeAnalysis;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>Some documents of a collection, and queries whose relevant documents are all among them.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "A test collection is the field's word, not a .NET collection.")]
internal sealed class LimitedCollection : IRetrievalCollection
{
    private readonly IReadOnlyList<CollectionDocument> _documents;
    private readonly IReadOnlyList<CollectionQuery> _queries;
    private readonly Qrels _qrels;
    private readonly string _split;

    private LimitedCollection(
        string name,
        string split,
        IReadOnlyList<CollectionDocument> documents,
        IReadOnlyList<CollectionQuery> queries,
        Qrels qrels)
    {
        Name = name;
        _split = split;
        _documents = documents;
        _queries = queries;
        _qrels = qrels;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits => [_split];

    /// <summary>How many documents there are.</summary>
    public int DocumentCount => _documents.Count;

    /// <summary>Cuts a collection after its first documents; queries that lose a relevant document fall away.</summary>
    /// <param name="whole">The collection.</param>
    /// <param name="split">The judged split.</param>
    /// <param name="maxDocuments">How many documents are kept at most.</param>
    /// <param name="maxQueries">How many queries are kept at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<LimitedCollection> CutAsync(
        IRetrievalCollection whole, string split, int maxDocuments, int maxQueries, CancellationToken cancellationToken)
    {
        List<CollectionDocument> documents =
            await whole.ReadDocumentsAsync(cancellationToken).Take(maxDocuments).ToListAsync(cancellationToken);
        HashSet<string> kept = [.. documents.Select(document => document.Id)];
        Qrels judgements = whole.ReadQrels(split);
        List<CollectionQuery> queries = await whole.ReadQueriesAsync(split, cancellationToken)
            .Where(query => judgements.JudgementsOf(query.Id).All(judgement => kept.Contains(judgement.DocumentId)))
            .Take(maxQueries)
            .ToListAsync(cancellationToken);
        return new LimitedCollection(whole.Name, split, documents, queries, JudgementsOf(queries, judgements));
    }

    /// <summary>Draws a sample: the first queries, every document relevant to them, and of the others some at equal distances.</summary>
    /// <param name="whole">The collection.</param>
    /// <param name="split">The judged split.</param>
    /// <param name="maxDocuments">How many documents are taken, or more where the relevant ones alone are more.</param>
    /// <param name="maxQueries">How many queries are taken at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<LimitedCollection> SampleAsync(
        IRetrievalCollection whole, string split, int maxDocuments, int maxQueries, CancellationToken cancellationToken)
    {
        Qrels judgements = whole.ReadQrels(split);
        List<CollectionQuery> queries = await whole.ReadQueriesAsync(split, cancellationToken).Take(maxQueries).ToListAsync(cancellationToken);
        HashSet<string> relevant = [.. queries.SelectMany(query => judgements.JudgementsOf(query.Id)).Select(judgement => judgement.DocumentId)];
        List<CollectionDocument> all = await whole.ReadDocumentsAsync(cancellationToken).ToListAsync(cancellationToken);
        int others = all.Count - relevant.Count;
        int wanted = Math.Clamp(maxDocuments - relevant.Count, 0, others);
        long seen = 0;
        CollectionDocument[] documents = [.. all.Where(document => relevant.Contains(document.Id) || IsNext())];
        return new LimitedCollection(whole.Name, split, documents, queries, JudgementsOf(queries, judgements));

        bool IsNext() => seen++ * wanted / others < seen * wanted / others;
    }

    private static Qrels JudgementsOf(IEnumerable<CollectionQuery> queries, Qrels judgements) => Qrels.Create(
        from query in queries
        from judgement in judgements.JudgementsOf(query.Id)
        select (query.Id, judgement.DocumentId, judgement.Grade));

    /// <inheritdoc/>
    public IAsyncEnumerable<CollectionDocument> ReadDocumentsAsync(CancellationToken cancellationToken = default) =>
        _documents.ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<CollectionQuery> ReadQueriesAsync(
        string? split = null, CancellationToken cancellationToken = default) => _queries.ToAsyncEnumerable();

    /// <inheritdoc/>
    public Qrels ReadQrels(string split) => _qrels;
}
