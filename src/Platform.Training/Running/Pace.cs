namespace Platform.Training.Running;

/// <summary>How fast the last steps went.</summary>
internal sealed class Pace(TimeProvider time)
{
    private const int Steps = 20;

    private readonly Queue<(long At, long Tokens)> _steps = new();

    /// <summary>Notes a step that ends now.</summary>
    public void Note(long tokens)
    {
        _steps.Enqueue((time.GetTimestamp(), tokens));
        if (_steps.Count > Steps)
        {
            _ = _steps.Dequeue();
        }
    }

    /// <summary>Tokens a second and seconds a step; null before there are two steps.</summary>
    public (double TokensPerSecond, double SecondsPerStep)? Now()
    {
        if (_steps.Count < 2)
        {
            return null;
        }

        double seconds = Math.Max(1e-9, time.GetElapsedTime(_steps.Peek().At, _steps.Last().At).TotalSeconds);
        return (_steps.Skip(1).Sum(step => step.Tokens) / seconds, seconds / (_steps.Count - 1));
    }
}
