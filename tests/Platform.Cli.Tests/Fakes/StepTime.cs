namespace Platform.Cli.Tests.Fakes;

/// <summary>A clock that moves only when the test says so.</summary>
internal sealed class StepTime : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public void Advance(TimeSpan by) => _elapsed += by;
}
