using CsCheck;
using Platform.Silo.Grains;

namespace Platform.Silo.Tests.Grains;

public sealed class HitMergeTests
{
    private static readonly Gen<(string, double)[][]> Lists = Gen.Select(Gen.String[Gen.Char["ab\u00e9\ue000\U0001F600"[..4]], 0, 4], Gen.Int[0, 3])
        .Select((key, score) => (key, (double)score)).Array[0, 60].Select(hits => hits.DistinctBy(hit => hit.key).Select((hit, i) => (hit, List: i % 5))
            .GroupBy(entry => entry.List).Select(list => list.Select(entry => entry.hit).Order(Comparer<(string, double)>.Create(HitMerge.Compare)).ToArray()).ToArray());

    [Fact]
    public void Merged_lists_are_the_best_of_all_hits_sorted() =>
        Gen.Select(Lists, Gen.Int[0, 10], Gen.Int[1, 30]).Sample((lists, offset, count) =>
        {
            var expected = lists.SelectMany(list => list).Order(Comparer<(string, double)>.Create(HitMerge.Compare)).Skip(offset).Take(count);
            Assert.Equal(expected, HitMerge.Merge(lists, offset, count).Select(hit => (hit.DocumentKey, hit.Score)));
        });

    [Fact]
    public void Equal_scores_order_by_the_bytes_of_the_key_not_by_its_UTF_16_units() =>
        Assert.True(HitMerge.Compare(("\ue000", 1), ("\U0001F600", 1)) < 0);
}
