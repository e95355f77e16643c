using CsCheck;
using Platform.Client.Http;

namespace Platform.Client.Tests.Http;

public sealed class RetryPolicyTests
{
    [Fact]
    public void A_wait_lies_between_half_and_the_whole_of_the_doubled_delay() =>
        Gen.Select(Gen.Int, Gen.Int[0, 99]).Sample((seed, retries) =>
        {
            var policy = new RetryPolicy(new PlatformClientOptions { JitterSeed = seed }, TimeProvider.System);
            double whole = Math.Min(200 * Math.Pow(2, retries), 10_000);
            return policy.Delay(retries, retryAfter: null).TotalMilliseconds is var wait && wait >= (whole / 2) - 1 && wait <= whole + 1;
        });

    [Fact]
    public void Waits_with_one_seed_are_the_same_and_with_another_differ()
    {
        Assert.Equal(Waits(seed: 1), Waits(seed: 1));
        Assert.NotEqual(Waits(seed: 1), Waits(seed: 2));
        Assert.Equal(10, Waits(seed: 1).Distinct().Count());

        static TimeSpan[] Waits(int seed)
        {
            var policy = new RetryPolicy(new PlatformClientOptions { JitterSeed = seed }, TimeProvider.System);
            return [.. Enumerable.Range(0, 10).Select(_ => policy.Delay(3, retryAfter: null))];
        }
    }

    [Fact]
    public void The_longer_of_the_own_wait_and_Retry_After_holds()
    {
        var policy = new RetryPolicy(new PlatformClientOptions(), TimeProvider.System);

        Assert.Equal(TimeSpan.FromSeconds(42), policy.Delay(0, TimeSpan.FromSeconds(42)));
        Assert.InRange(policy.Delay(9, TimeSpan.FromMilliseconds(1)), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
    }
}
