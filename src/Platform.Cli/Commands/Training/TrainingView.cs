using System.Globalization;
using Platform.Cli.Output;
using Platform.Training.Running;

namespace Platform.Cli.Commands.Training;

/// <summary>Tells how training goes, on standard error: every notice, and a line of figures at most every few seconds.</summary>
internal sealed class TrainingView : IProgress<TrainingProgress>
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly Terminal _terminal;
    private readonly bool _isSilent;
    private string _phase = "";
    private long? _toldAt;

    /// <param name="terminal">Where.</param>
    /// <param name="forPrograms">True if a program reads the output: then a pipe gets no lines.</param>
    public TrainingView(Terminal terminal, bool forPrograms)
    {
        _terminal = terminal;
        _isSilent = forPrograms && !terminal.ErrorConsole.Profile.Capabilities.Interactive;
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (_isSilent)
        {
            return;
        }

        if (value.Phase != _phase)
        {
            _phase = value.Phase;
            _terminal.Say($"{char.ToUpperInvariant(value.Phase[0])}{value.Phase[1..]} ...");
        }

        if (value.Notice is { } notice)
        {
            _terminal.Say(notice);
        }
        else if (value.Step > 0 && (_toldAt is not { } last || value.Step == value.Steps || _terminal.Time.GetElapsedTime(last) >= LineEvery))
        {
            _toldAt = _terminal.Time.GetTimestamp();
            _terminal.Say(Describe(value));
        }
    }

    /// <summary>For example <c>step 120/2,000  loss 2.314 (ranking 2.301)  terms 24 and 130  lr 8.2e-05  3,210 tokens/s  12 min 4 s left</c>.</summary>
    internal static string Describe(TrainingProgress value)
    {
        string terms = value.QueryTerms + value.PassageTerms > 0
            ? string.Create(CultureInfo.InvariantCulture, $"  terms {value.QueryTerms:0} and {value.PassageTerms:0}  FLOPS {value.QueryFlops:0.###} and {value.PassageFlops:0.###}")
            : "";
        string left = value.TimeLeft is { } time ? $"  {Figures.Duration(time)} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step {value.Step:N0}/{value.Steps:N0}  loss {value.Loss:0.0000} (ranking {value.RankingLoss:0.0000}){terms}  gradient {value.GradientNorm:0.###}  lr {value.LearningRate:0.0e-00}  {value.TokensPerSecond:N0} tokens/s{left}");
    }
}
