using CsCheck;
using Platform.Training.Optimisation;

namespace Platform.Training.Tests.Optimisation;

public sealed class LinearScheduleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2.5e-5)]
    [InlineData(4, 1e-4)]
    [InlineData(52, 5e-5)]
    [InlineData(100, 0)]
    [InlineData(1000, 0)]
    public void The_rate_rises_over_the_warmup_and_falls_to_zero(int step, double expected) =>
        Assert.Equal(expected, LinearSchedule.WithWarmupPart(1e-4, 0.04, 100).At(step), tolerance: 1e-12);

    [Fact]
    public void The_rate_is_never_above_its_peak_and_reaches_it_once_the_warmup_ends() =>
        Gen.Int[1, 500].SelectMany(total => Gen.Select(Gen.Const(total), Gen.Int[0, total - 1], Gen.Int[0, 2 * total]))
            .Sample((total, warmup, step) =>
            {
                LinearSchedule schedule = new(1e-4, warmup, total);

                Assert.InRange(schedule.At(step), 0, 1e-4);
                Assert.Equal(1e-4, schedule.At(warmup));
            });

    [Fact]
    public void A_peak_that_no_binary_fraction_holds_is_not_exceeded_by_rounding() => Assert.Equal(1e-4, new LinearSchedule(1e-4, 34, 79).At(34));

    [Fact]
    public void Without_warmup_the_first_step_has_the_peak() => Assert.Equal(3, new LinearSchedule(3, 0, 10).At(0));

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 0, 0)]
    public void Arguments_outside_their_range_are_refused(double peak, int warmup, int total) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule(peak, warmup, total));
}
