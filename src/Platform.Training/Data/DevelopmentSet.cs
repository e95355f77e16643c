using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Training.Data;

/// <summary>Documents and judged queries that weights are compared by.</summary>
internal sealed record DevelopmentSet(IReadOnlyList<CollectionDocument> Documents, IReadOnlyList<CollectionQuery> Queries, Qrels Qrels)
{
    /// <summary>A set of at most so many documents: the relevant ones, then others from the start; in their old order.</summary>
    public static DevelopmentSet Of(IEnumerable<CollectionDocument> documents, IReadOnlyList<CollectionQuery> queries, Qrels qrels, int most)
    {
        HashSet<string> relevant = [.. queries.SelectMany(query => qrels.JudgementsOf(query.Id)).Where(judgement => judgement.Grade > 0).Select(judgement => judgement.DocumentId)];
        int others = Math.Max(0, most - relevant.Count);
        CollectionDocument[] kept = [.. documents.Where(document => relevant.Contains(document.Id) || others-- > 0)];
        var judged = Qrels.Create(
            from query in queries
            from judgement in qrels.JudgementsOf(query.Id)
            select (query.Id, judgement.DocumentId, (int)judgement.Grade));
        return new DevelopmentSet(kept, queries, judged);
    }

    /// <summary>Reads a BEIR folder.</summary>
    public static async Task<DevelopmentSet> ReadAsync(string folder, string split, int queries, int documents, CancellationToken cancellationToken)
    {
        var collection = BeirCollection.Open(folder);
        CollectionQuery[] kept = await collection.ReadQueriesAsync(split, cancellationToken).Take(queries).ToArrayAsync(cancellationToken);
        CollectionDocument[] all = await collection.ReadDocumentsAsync(cancellationToken).ToArrayAsync(cancellationToken);
        return Of(all, kept, collection.ReadQrels(split), documents);
    }
}
