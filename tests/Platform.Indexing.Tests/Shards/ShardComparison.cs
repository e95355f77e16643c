using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Shards;

/// <summary>Asks shards and model the same questions; every answer must be the same to the bit.</summary>
internal static class ShardComparison
{
    /// <summary>Compares the documents of some shards, taken together, with a model.</summary>
    public static void AssertHolds(ShardModel model, Queries queries, params Shard[] shards)
    {
        AssertFigures(model, shards);
        AssertStatistics(model, shards);
        foreach ((string Term, int Count)[] terms in queries.Lexical)
        {
            LexicalQuery query = WithStatistics(terms, shards);
            Assert.Equal(model.Search(query, queries.Top), Merge(shards, queries.Top, shard => shard.Search(query, queries.Top, CancellationToken.None)));
            AssertExplained(model, query, shards);
        }

        foreach (ImpactQuery query in queries.Sparse)
        {
            Assert.Equal(
                model.Search(query, queries.Top),
                Merge(shards, queries.Top, shard => shard.Search(query, ShardModel.DocumentScale, queries.Top, CancellationToken.None)));
            AssertExplained(model, query, shards);
        }

        foreach (float[] query in queries.Dense)
        {
            Assert.Equal(
                model.SearchDense(query, queries.Precision, queries.Top),
                Merge(shards, queries.Top, shard => shard.SearchDense(query, queries.Top, CancellationToken.None)));
        }

        foreach (string key in ShardDrawings.Keys.Concat(model.Documents.Keys).Distinct(StringComparer.Ordinal))
        {
            Assert.Equal(
                model.Documents.TryGetValue(key, out ShardModel.Content? content) ? content.Stored : null,
                ShardOf(key, shards).Fetch(key));
        }
    }

    /// <summary>The shard of a key: by the shards' buckets, or as an index of so many equal shards places it.</summary>
    public static Shard ShardOf(string key, Shard[] shards) =>
        shards.Length == 1 ? shards[0]
        : shards[0].Buckets is null ? shards[Shard.BucketOf(key, int.Log2(shards.Length))]
        : shards.Single(shard => shard.Buckets!.Value.Contains(key));

    /// <summary>A query with the statistics summed over the shards, as the query grain makes it.</summary>
    public static LexicalQuery WithStatistics((string Term, int Count)[] terms, Shard[] shards)
    {
        string[] words = [.. terms.Select(term => term.Term)];
        var counts = shards.Select(shard => shard.CountTerms(words)).ToList();
        long documents = counts.Sum(count => count.Documents);
        double averageLength = documents == 0 ? 1 : counts.Sum(count => count.TotalLength) / (double)documents;
        double[] weights = [.. terms.Select((term, i) =>
            term.Count * Bm25.InverseDocumentFrequency(documents, counts.Sum(count => count.DocumentFrequencies[i])))];
        return new LexicalQuery(words, weights, averageLength, ShardModel.K1, ShardModel.B);
    }

    private static void AssertFigures(ShardModel model, Shard[] shards)
    {
        ShardFigures[] figures = [.. shards.Select(shard => shard.Measure())];
        Assert.Equal(model.Documents.Count, figures.Sum(figure => figure.Documents));
        Assert.Equal(model.TextDocuments, figures.Sum(figure => figure.TextDocuments));
        Assert.Equal(model.TotalLength, figures.Sum(figure => figure.TotalLength));
        long livePostings = model.Documents.Values.Sum(content => content.Terms.Distinct().Count() + content.Sparse.Count);
        Assert.True(figures.Sum(figure => figure.Postings) >= livePostings, "postings are missing");
    }

    private static void AssertStatistics(ShardModel model, Shard[] shards)
    {
        string[] terms = [.. ShardDrawings.Terms, "absent", new string('t', 600)];
        foreach (Shard shard in shards)
        {
            _ = shard.CountTerms(terms);                      // the second answer may come from what the first remembered
        }

        var counts = shards.Select(shard => shard.CountTerms(terms)).ToList();
        Assert.Equal(model.TextDocuments, counts.Sum(count => count.Documents));
        Assert.Equal(model.TotalLength, counts.Sum(count => count.TotalLength));
        Assert.Equal(terms.Select(model.DocumentFrequency), terms.Select((_, i) => counts.Sum(count => count.DocumentFrequencies[i])));
    }

    private static void AssertExplained(ShardModel model, LexicalQuery query, Shard[] shards)
    {
        foreach (string key in ShardDrawings.Keys)
        {
            Assert.Equal(
                model.Documents.TryGetValue(key, out ShardModel.Content? content)
                    ? query.Terms.Select(term => ShardModel.Weight(content, term, query.AverageLength))
                    : null,
                ShardOf(key, shards).Explain(key, query));
        }
    }

    private static void AssertExplained(ShardModel model, ImpactQuery query, Shard[] shards)
    {
        foreach (string key in ShardDrawings.Keys)
        {
            Assert.Equal(
                model.Documents.TryGetValue(key, out ShardModel.Content? content)
                    ? query.TermIds.Select(term => content.Sparse.GetValueOrDefault(term) * ShardModel.DocumentScale)
                    : null,
                ShardOf(key, shards).Explain(key, query, ShardModel.DocumentScale));
        }
    }

    private static IEnumerable<ShardHit> Merge(Shard[] shards, int top, Func<Shard, ShardHit[]> search)
    {
        ShardHit[][] hits = [.. shards.Select(search)];
        return shards.Length == 1 ? hits[0] : ShardModel.Order(hits.SelectMany(h => h)).Take(top);
    }
}
