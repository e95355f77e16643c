using Platform.Training.Optimisation;

namespace Platform.Training.Tests.Optimisation;

public sealed class QuadraticRampTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(25, 0.003125)]
    [InlineData(50, 0.0125)]
    [InlineData(100, 0.05)]
    [InlineData(300, 0.05)]
    public void The_weight_grows_with_the_square_of_the_step_over_the_first_third(int step, double expected) =>
        Assert.Equal(expected, QuadraticRamp.OverFirstThird(0.05, totalSteps: 300).At(step), tolerance: 1e-15);

    [Fact]
    public void A_training_of_one_step_ramps_over_one_step() =>
        Assert.Equal((1, 0, 0.04), (QuadraticRamp.OverFirstThird(0.04, 1).RampSteps, QuadraticRamp.OverFirstThird(0.04, 1).At(0),
            QuadraticRamp.OverFirstThird(0.04, 1).At(1)));

    [Theory]
    [InlineData(-0.1, 1)]
    [InlineData(0.1, 0)]
    public void Arguments_outside_their_range_are_refused(double weight, int rampSteps) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuadraticRamp(weight, rampSteps));
}
