using System.Text;
using CsCheck;
using Platform.Indexing.Lexical;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Tests.Lexical;

public sealed class Bm25Properties
{
    private static readonly Gen<string> Terms = Gen.OneOf("a", "b", "c", "é", "😀", "\uE000", new string('x', 300));

    [Fact]
    public void Bm25_search_scores_every_document_as_the_naive_formula_does_to_the_bit() =>
        Gen.Select(Terms.Array[0, 12].Array[1, 12], Terms.Array[1, 5], Gen.Double[0, 3], Gen.Double[0, 1]).Sample((documents, query, k1, b) =>
        {
            var segment = new MemorySegment("memory");
            for (int i = 0; i < documents.Length; i++)
            {
                Add(segment, $"d{i}", documents[i]);
            }

            string[] distinct = [.. query.Distinct()];
            double averageLength = Math.Max(1, documents.Sum(document => document.Length)) / (double)Math.Max(1, documents.Count(document => document.Length > 0));
            double[] weights = [.. distinct.Select(term => query.Count(q => q == term)
                * Math.Log(1 + ((documents.Length - documents.Count(document => document.Contains(term)) + 0.5)
                    / (documents.Count(document => document.Contains(term)) + 0.5))))];
            var topK = new TopK(documents.Length);
            LexicalSearch.Search(segment, new LexicalQuery(distinct, weights, averageLength, k1, b), topK, new SearchWork(CancellationToken.None));

            Dictionary<string, double> naive = [];
            for (int i = 0; i < documents.Length; i++)
            {
                double score = 0;
                for (int t = 0; t < distinct.Length; t++)
                {
                    int tf = documents[i].Count(term => term == distinct[t]);
                    score += tf == 0 ? 0 : weights[t] * (tf / (tf + (k1 * (1 - b + (b * (documents[i].Length / averageLength))))));
                }

                if (score > 0)
                {
                    naive[$"d{i}"] = score;
                }
            }

            Assert.Equal(naive, topK.Drain().ToDictionary(hit => Encoding.UTF8.GetString(hit.Key), hit => hit.Score));
        });

    [Fact]
    public void The_explained_weights_times_the_query_weights_add_up_to_the_score_to_the_bit() =>
        Gen.Select(Terms.Array[1, 12].Array[1, 8], Terms.Array[1, 5]).Sample((documents, terms) =>
        {
            var segment = new MemorySegment("memory");
            for (int i = 0; i < documents.Length; i++)
            {
                Add(segment, $"d{i}", documents[i]);
            }

            string[] distinct = [.. terms.Distinct()];
            var query = new LexicalQuery(distinct, [.. distinct.Select((_, i) => 0.1 + i)], AverageLength: 3.7, K1: 0.9, B: 0.4);
            var topK = new TopK(documents.Length);
            LexicalSearch.Search(segment, query, topK, new SearchWork(CancellationToken.None));
            foreach (TopK.Candidate hit in topK.Drain())
            {
                double sum = 0;
                double[] explained = LexicalSearch.DocumentWeights(segment, hit.DocId, query);
                for (int i = 0; i < explained.Length; i++)
                {
                    sum += query.Weights[i] * explained[i];
                }

                Assert.Equal(sum, hit.Score);
            }
        });

    [Theory]
    [InlineData(1, 1, 0.28768207245178085)]                 // ln(1 + 0.5 / 1.5)
    [InlineData(1_000_000, 1, 13.41004644985561)]          // ln(1 + 999,999.5 / 1.5)
    [InlineData(10, 5, 0.6931471805599453)]                 // ln 2
    public void Inverse_document_frequency_is_Lucenes(long documents, long documentFrequency, double expected) =>
        Assert.Equal(expected, Bm25.InverseDocumentFrequency(documents, documentFrequency), 9);

    internal static void Add(MemorySegment segment, string key, IEnumerable<string> terms)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(key);
        segment.Add(Segment.HashOf(utf8), new ShardOperation { OperationId = default, Delete = false, Key = utf8, TermVector = TermVector.Pack(terms) });
    }
}
