using System.Text;
using Platform.Indexing.Fields;
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
            Assert.Equal(content is null ? null : FieldValue.Pack(content.Fields), ShardOf(key, shards).FieldsOf(key));
        }

        foreach (FieldFilter filter in queries.Filters)
        {
            AssertFiltered(model.Matching(filter), queries, filter, shards);
        }
    }

    /// <summary>What a search matches in the order of a field, and how often each value occurs among it: of one shard, since several are merged elsewhere.</summary>
    private static void AssertSorted(ShardModel matching, Queries queries, QueryMatches matches, Shard shard)
    {
        var found = matching.Documents.Where(document => document.Value.Terms.Any(term => matches.Lexical!.Terms.Contains(term)) || document.Value.Vector is { Length: > 0 }).ToList();
        foreach (FieldSort sort in (FieldSort[])[new("year", FieldKind.Scalar, Descending: false), new("lang", FieldKind.Keywords, Descending: true)])
        {
            var expected = found.Select(document => (document.Key, Value: ValueOf(document.Value, sort))).ToList();
            expected.Sort((a, b) => a.Value is null || b.Value is null
                ? a.Value == b.Value ? CompareBytes(a.Key, b.Key) : a.Value is null ? 1 : -1
                : (sort.Descending ? -1 : 1) * string.CompareOrdinal(a.Value, b.Value) is var order and not 0 ? order : CompareBytes(a.Key, b.Key));
            Assert.Equal(expected.Take(queries.Top).Select(document => document.Key), shard.SearchSorted(matches, sort, queries.Top, CancellationToken.None).Select(hit => hit.DocumentKey));
        }

        var years = new FacetCounter("year", FieldKind.Scalar);
        var languages = new FacetCounter("lang", FieldKind.Keywords);
        shard.CountFacets(matches, [years, languages], CancellationToken.None);
        Assert.Equal(
            found.SelectMany(document => document.Value.Fields.Where(field => field.Name == "year").Select(field => field.Scalar)).CountBy(year => year).ToDictionary(count => count.Key, count => (long)count.Value),
            years.Scalars);
        Assert.Equal(
            found.SelectMany(document => document.Value.Fields.Where(field => field.Name == "lang").SelectMany(field => field.Keywords.Distinct())).CountBy(word => word).ToDictionary(count => count.Key, count => (long)count.Value),
            languages.Words);
    }

    // Strings whose ordinal order is the values'.
    private static string? ValueOf(ShardModel.Content content, FieldSort sort)
    {
        FieldValue? value = content.Fields.FirstOrDefault(field => field.Name == sort.Field && field.Kind == sort.Kind);
        return value is null or { Kind: FieldKind.Keywords, Keywords.Count: 0 } ? null
            : value.Kind == FieldKind.Scalar ? $"{unchecked((ulong)value.Scalar) ^ (1UL << 63):X16}"
            : value.Keywords.Select(word => Convert.ToHexString(Encoding.UTF8.GetBytes(word))).Min(StringComparer.Ordinal);
    }

    private static int CompareBytes(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static void AssertFiltered(ShardModel matching, Queries queries, FieldFilter filter, Shard[] shards)
    {
        Assert.Equal(matching.Documents.Count, shards.Sum(shard => shard.Count(filter, CancellationToken.None)));
        LexicalQuery lexical = WithStatistics(queries.Lexical[0], shards);
        Assert.Equal(
            matching.Search(lexical, queries.Top), Merge(shards, queries.Top, shard => shard.Search(lexical, queries.Top, filter, CancellationToken.None)));
        ImpactQuery sparse = queries.Sparse[0];
        Assert.Equal(
            matching.Search(sparse, queries.Top),
            Merge(shards, queries.Top, shard => shard.Search(sparse, ShardModel.DocumentScale, queries.Top, SparsePruning.None, filter, CancellationToken.None).Hits));
        Assert.Equal(
            matching.SearchDense(queries.Dense[0], queries.Precision, queries.Top),
            Merge(shards, queries.Top, shard => shard.SearchDense(queries.Dense[0], queries.Top, filter, CancellationToken.None)));
        if (shards.Length == 1)
        {
            AssertSorted(matching, queries, new QueryMatches(lexical, Sparse: null, Dense: true, filter), shards[0]);
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
