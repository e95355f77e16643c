using Platform.Cli.Output;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Benchmarks;

/// <summary>Tells the steps of a benchmark on standard error: a line when one begins, and one every five seconds of a long one.</summary>
internal sealed class StepProgress : IProgress<SparseBenchmarkProgress>
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly Terminal _terminal;
    private string _step = "";
    private long _toldAt;

    private StepProgress(Terminal terminal) => _terminal = terminal;

    /// <summary>The teller; null where a program reads a pipe.</summary>
    public static StepProgress? Of(Terminal terminal, bool forPrograms) =>
        forPrograms && !terminal.ErrorConsole.Profile.Capabilities.Interactive ? null : new StepProgress(terminal);

    /// <inheritdoc/>
    public void Report(SparseBenchmarkProgress value)
    {
        bool isNew = value.Step != _step;
        if (!isNew && _terminal.Time.GetElapsedTime(_toldAt) < LineEvery)
        {
            return;
        }

        _step = value.Step;
        _toldAt = _terminal.Time.GetTimestamp();
        _terminal.Say(isNew || value.Total == 0
            ? value.Step
            : $"{value.Step}: {Figures.Count(value.Done)} of {Figures.Count(value.Total)}");
    }
}
