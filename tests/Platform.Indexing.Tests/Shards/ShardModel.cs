using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Tests.Dense;
using Platform.Indexing.Tests.Fields;

namespace Platform.Indexing.Tests.Shards;

/// <summary>What a shard should hold: a dictionary, and answers that look at every document.</summary>
internal sealed class ShardModel
{
    public const double K1 = 0.9;
    public const double B = 0.4;
    public const double DocumentScale = 3.0 / 255;

    private readonly Dictionary<string, Content> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, WriteOutcome> _outcomes = [];

    public IReadOnlyDictionary<string, Content> Documents => _documents;

    public long TextDocuments => _documents.Values.Count(content => content.Terms.Length > 0);

    public long TotalLength => _documents.Values.Sum(content => (long)content.Terms.Length);

    /// <summary>The model after some batches.</summary>
    public static ShardModel After(IEnumerable<Operation[]> batches)
    {
        var model = new ShardModel();
        foreach (Operation[] batch in batches)
        {
            model.Apply(batch);
        }

        return model;
    }

    public WriteOutcome[] Apply(Operation[] batch) => [.. batch.Select(operation =>
    {
        if (!_outcomes.TryGetValue(operation.Id, out WriteOutcome outcome))
        {
            bool found = _documents.Remove(operation.Key);
            if (operation.Content is null)
            {
                outcome = found ? WriteOutcome.Deleted : WriteOutcome.NotFound;
            }
            else
            {
                _documents.Add(operation.Key, operation.Content);
                outcome = found ? WriteOutcome.Updated : WriteOutcome.Created;
            }

            _outcomes.Add(operation.Id, outcome);
        }

        return outcome;
    })];

    /// <summary>The model of the documents that match a filter, with all outcomes forgotten.</summary>
    public ShardModel Matching(FieldFilter filter)
    {
        var model = new ShardModel();
        foreach ((string key, Content content) in _documents.Where(document => FilterOracle.Matches(filter, document.Value.Fields)))
        {
            model._documents.Add(key, content);
        }

        return model;
    }

    public long DocumentFrequency(string term) => _documents.Values.Count(content => content.Terms.Contains(term));

    public ShardHit[] Search(LexicalQuery query, int top) => Rank(top, content =>
    {
        double score = 0;
        for (int i = 0; i < query.Terms.Count; i++)
        {
            score += query.Weights[i] * Weight(content, query.Terms[i], query.AverageLength);
        }

        return score > 0 ? score : null;
    });

    public ShardHit[] Search(ImpactQuery query, int top) => Rank(top, content =>
    {
        long sum = 0;
        bool shared = false;
        for (int i = 0; i < query.TermIds.Count; i++)
        {
            if (content.Sparse.TryGetValue(query.TermIds[i], out byte impact))
            {
                sum += (long)impact * query.Impacts[i];
                shared = true;
            }
        }

        return shared ? sum * (DocumentScale * query.Scale) : null;
    });

    /// <summary>All scores of the vectors as the precision keeps them; documents are numbered in the order of keys, so that ties go by key.</summary>
    public ShardHit[] SearchDense(float[] query, VectorPrecision precision, int top)
    {
        string[] keys = [.. _documents.Keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)];
        var vectors = new DenseCollection
        {
            Layout = new VectorLayout(query.Length, precision),
            Vectors = [.. keys.Select(key => _documents[key].Vector)],
        };
        return [.. vectors.Oracle(query, top, _ => true, Comparer<int>.Default).Select(hit => new ShardHit(keys[hit.DocId], hit.Score))];
    }

    public static double Weight(Content content, string term, double averageLength)
    {
        int tf = content.Terms.Count(t => t == term);
        return tf == 0 ? 0 : tf / (tf + (K1 * (1 - B + (B * (content.Terms.Length / averageLength)))));
    }

    /// <summary>Best first; equal scores by the keys' UTF-8 bytes.</summary>
    public static IOrderedEnumerable<ShardHit> Order(IEnumerable<ShardHit> hits) => hits
        .OrderByDescending(hit => hit.Score)
        .ThenBy(hit => Convert.ToHexString(Encoding.UTF8.GetBytes(hit.DocumentKey)), StringComparer.Ordinal);

    private ShardHit[] Rank(int top, Func<Content, double?> score) =>
        [.. Order(from document in _documents
                  let s = score(document.Value)
                  where s is not null
                  select new ShardHit(document.Key, s.Value)).Take(top)];

    /// <summary>A document.</summary>
    internal sealed record Content(byte[] Stored, string[] Terms, SortedDictionary<int, byte> Sparse, float[]? Vector = null)
    {
        public FieldValue[] Fields { get; init; } = [];
    }

    /// <summary>An upsert, or a delete where there is no content.</summary>
    internal sealed record Operation(Guid Id, string Key, Content? Content);
}
