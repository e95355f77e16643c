namespace Platform.Silo.Elastic;

/// <summary>How often something happened, over the last ten seconds. Any number of threads.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private const int Seconds = 10;

    private readonly int[] _counts = new int[Seconds];
    private readonly long _begun = time.GetTimestamp();
    private long _newest;

    /// <summary>Notes that it happened.</summary>
    public void Count()
    {
        lock (_counts)
        {
            _counts[Advance() % Seconds]++;
        }
    }

    /// <summary>Times a second.</summary>
    public double PerSecond
    {
        get
        {
            lock (_counts)
            {
                long now = Advance();
                return _counts.Sum() / (double)Math.Min(Seconds, now + 1);
            }
        }
    }

    /// <summary>Forgets the seconds that are over; returns the present one.</summary>
    private long Advance()
    {
        long now = (long)time.GetElapsedTime(_begun).TotalSeconds;
        for (long second = Math.Max(_newest + 1, now - Seconds + 1); second <= now; second++)
        {
            _counts[second % Seconds] = 0;
        }

        _newest = Math.Max(_newest, now);
        return now;
    }
}
