using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

/// <summary>A small collection held as plain arrays, with the dot product that every algorithm must equal.</summary>
internal sealed class Corpus
{
    public required (int[] Terms, byte[] Impacts)[] Documents { get; init; }

    public int[] KeyRanks { get; init; } = [];

    public static Corpus Generated(int documents, int vocabulary, ulong seed)
    {
        var generator = new SparseGenerator(documents, vocabulary, seed);
        var vector = new GeneratedVector();
        var result = new (int[] Terms, byte[] Impacts)[documents];
        for (int i = 0; i < documents; i++)
        {
            generator.Document(i, vector);
            byte[] impacts = new byte[vector.Count];
            for (int j = 0; j < impacts.Length; j++)
            {
                impacts[j] = (byte)Math.Clamp(MathF.Round(vector.Weights[j] * 255 / 3.6f), 1, 255);
            }

            result[i] = (vector.Terms.ToArray(), impacts);
        }

        return new Corpus { Documents = result };
    }

    public static List<(int[] Terms, int[] Impacts)> GeneratedQueries(int documents, int vocabulary, ulong seed, int count)
    {
        var generator = new SparseGenerator(documents, vocabulary, seed);
        var scratch = new GeneratedVector();
        var query = new GeneratedVector();
        List<(int[] Terms, int[] Impacts)> queries = [];
        for (int i = 0; i < count; i++)
        {
            generator.Query(i, scratch, query);
            queries.Add((query.Terms.ToArray(), [.. query.Weights.ToArray().Select(w => Math.Max(1, (int)MathF.Round(w * 24 / 3.6f)))]));
        }

        return queries;
    }

    public byte[] Seal(bool reorder, out int[] order)
    {
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Reorder = reorder });
        foreach ((int[] terms, byte[] impacts) in Documents)
        {
            builder.AddImpacts(terms, impacts);
        }

        using var stream = new MemoryStream();
        SparseBuildResult result = builder.Build(stream, KeyRanks, CancellationToken.None);
        Assert.Equal(stream.Length, result.SizeInBytes);
        order = result.Order ?? [.. Enumerable.Range(0, Documents.Length)];
        return stream.ToArray();
    }

    public byte[] Seal(bool reorder = false) => Seal(reorder, out _);

    /// <summary>The answer by definition, documents numbered as in <see cref="Documents"/>.</summary>
    public SparseHit[] Oracle(int[] terms, int[] impacts, int k, ulong[]? deleted = null)
    {
        Dictionary<int, long> weights = [];
        for (int i = 0; i < terms.Length; i++)
        {
            weights[terms[i]] = weights.GetValueOrDefault(terms[i]) + impacts[i];
        }

        List<SparseHit> hits = [];
        for (int document = 0; document < Documents.Length; document++)
        {
            if (deleted is not null && document >> 6 < deleted.Length && ((deleted[document >> 6] >> document) & 1) != 0)
            {
                continue;
            }

            (int[] documentTerms, byte[] documentImpacts) = Documents[document];
            long score = 0;
            bool matched = false;
            for (int i = 0; i < documentTerms.Length; i++)
            {
                if (weights.TryGetValue(documentTerms[i], out long weight) && weight != 0)
                {
                    score += weight * documentImpacts[i];
                    matched = true;
                }
            }

            if (matched)
            {
                hits.Add(new SparseHit(document, score));
            }
        }

        int Rank(int document) => KeyRanks.Length == 0 ? document : KeyRanks[document];
        return [.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => Rank(hit.DocId)).Take(k)];
    }
}
