using System.Security.Cryptography;
using Polly;
using Polly.Retry;

namespace Platform.Client.Http;

/// <summary>When and how soon a transient fault is met by another attempt. Thread-safe.</summary>
/// <remarks>
/// The wait before attempt n+1 is w = min(<c>RetryDelay</c> · 2^n, <c>MaxRetryDelay</c>), of which the upper half is drawn at
/// random ("equal jitter", Brooker 2015, AWS Architecture Blog), and never less than the service's <c>Retry-After</c>.
/// </remarks>
internal sealed class RetryPolicy
{
    private readonly PlatformClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Random _jitter;

    public RetryPolicy(PlatformClientOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _jitter = new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
    }

    /// <summary>A pipeline that repeats an attempt that throws a transient <see cref="PlatformClientException"/>.</summary>
    public ResiliencePipeline Pipeline(int maxRetries)
    {
        if (maxRetries == 0)
        {
            return ResiliencePipeline.Empty;
        }

        return new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = maxRetries,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthRetrying(arguments.Outcome.Exception)),
                DelayGenerator = arguments =>
                {
                    TimeSpan? retryAfter = (arguments.Outcome.Exception as PlatformClientException)?.RetryAfter;
                    return ValueTask.FromResult<TimeSpan?>(Delay(arguments.AttemptNumber, retryAfter));
                },
                MaxDelay = null,
            })
            .Build();
    }

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="retriesBefore">How many retries went before, from 0.</param>
    /// <param name="retryAfter">What the service asked for.</param>
    internal TimeSpan Delay(int retriesBefore, TimeSpan? retryAfter)
    {
        double milliseconds = Math.Min(
            _options.RetryDelay.TotalMilliseconds * Math.Pow(2, retriesBefore),
            _options.MaxRetryDelay.TotalMilliseconds);
        double chance;
        lock (_lock)
        {
            chance = _jitter.NextDouble();
        }

        var own = TimeSpan.FromMilliseconds(milliseconds * (0.5 + (chance / 2)));
        return retryAfter > own ? retryAfter.Value : own;
    }

    private bool IsWorthRetrying(Exception? fault) =>
        fault is PlatformClientException { IsTransient: true } transient && !(transient.RetryAfter > _options.MaxRetryAfter);
}
