using System.Text;
using CsCheck;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;
using Platform.Indexing.Tests.Lexical;

namespace Platform.Indexing.Tests.Ranking;

public sealed class TopKProperties
{
    // "\uE000" comes before "😀" by UTF-8 bytes and behind it by UTF-16 code units
    private static readonly Gen<string> Keys = Gen.OneOf("a", "b", "ab", "z", "é", "\uE000", "\uE000a", "😀", "😀a", "\uFFFD", "👍").SelectMany(
        head => Gen.Int[0, 3].Select(tail => head + tail));

    private static readonly Gen<double> Scores = Gen.OneOf(Gen.OneOf(0.0, 1.0, 2.0, -1.0, double.NegativeInfinity), Gen.Double[-1, 1]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_top_k_of_several_segments_is_the_head_of_the_whole_sorted_by_score_and_utf8_key(bool together) =>
        Gen.Select(Gen.Select(Keys, Scores, Gen.Bool).Array[0, 40], Gen.Int[1, 50], Gen.Int[1, 4]).Sample((drawn, k, segments) =>
        {
            (string Key, double Score, bool Deleted)[] documents = [.. drawn.DistinctBy(document => document.Item1)];
            var topK = new TopK(k);
            for (int s = 0; s < segments; s++)
            {
                var segment = new MemorySegment($"{s}");
                (string Key, double Score, bool Deleted)[] part = [.. documents.Where((_, i) => i % segments == s)];
                for (int docId = 0; docId < part.Length; docId++)
                {
                    Bm25Properties.Add(segment, part[docId].Key, []);
                    if (part[docId].Deleted)
                    {
                        segment.Delete(docId);
                    }
                }

                if (together)
                {
                    topK.Collect(segment, [.. part.Select(document => document.Score)]);
                    continue;
                }

                for (int docId = 0; docId < part.Length; docId++)
                {
                    if (!part[docId].Deleted)
                    {
                        topK.Offer(segment, docId, part[docId].Score);
                    }
                }
            }

            IEnumerable<(string, double)> obvious = documents
                .Where(document => !document.Deleted && (document.Score > 0 || !together))
                .OrderByDescending(document => document.Score)
                .ThenBy(document => Convert.ToHexString(Encoding.UTF8.GetBytes(document.Key)), StringComparer.Ordinal)
                .Take(k)
                .Select(document => (document.Key, document.Score));
            Assert.Equal(obvious, topK.Drain().Select(hit => (Encoding.UTF8.GetString(hit.Key), hit.Score)));
        }, iter: 2000);

    [Fact]
    public void A_supplementary_character_ranks_behind_the_whole_basic_plane_among_equal_scores()
    {
        var segment = new MemorySegment("memory");
        foreach (string key in (string[])["😀", "\uFFFD", "\uE000", "z"])
        {
            Bm25Properties.Add(segment, key, []);
        }

        var topK = new TopK(10);
        topK.Collect(segment, [1, 1, 1, 1]);
        Assert.Equal(["z", "\uE000", "\uFFFD", "😀"], topK.Drain().Select(hit => Encoding.UTF8.GetString(hit.Key)));
    }

    [Fact]
    public void A_drained_collector_is_empty()
    {
        var segment = new MemorySegment("memory");
        Bm25Properties.Add(segment, "a", []);
        var topK = new TopK(1);
        topK.Collect(segment, [1]);
        Assert.Single(topK.Drain());
        Assert.Empty(topK.Drain());
    }

    [Fact]
    public void The_top_0_is_empty()
    {
        var segment = new MemorySegment("memory");
        Bm25Properties.Add(segment, "a", []);
        var topK = new TopK(0);
        topK.Collect(segment, [1]);
        topK.Offer(segment, 0, 1);
        Assert.Empty(topK.Drain());
    }
}
