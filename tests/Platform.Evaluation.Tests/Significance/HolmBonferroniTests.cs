using CsCheck;
using Platform.Evaluation.Significance;

namespace Platform.Evaluation.Tests.Significance;

public sealed class HolmBonferroniTests
{
    private static readonly Gen<double[]> PValues = Gen.Double[0, 1].Array[0, 12];

    [Fact]
    public void The_textbook_example_is_adjusted_as_in_the_textbook() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], HolmBonferroni.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 9)));

    [Fact]
    public void What_is_rejected_at_a_level_is_what_stepping_down_rejects() => Gen.Select(PValues, Gen.Double[0.001, 0.5]).Sample((values, level) =>
    {
        double[] ordered = [.. values.Order()];
        int rejected = 0;
        while (rejected < ordered.Length && ordered[rejected] <= level / (ordered.Length - rejected))
        {
            rejected++;
        }

        Assert.Equal(rejected, HolmBonferroni.Adjust(values).Count(p => p <= level));
    });
}
