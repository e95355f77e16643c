using Spectre.Console;
using Spectre.Console.Rendering;

namespace Platform.Cli.Output;

/// <summary>Shows how a piece of work goes on, on standard error: a bar on a terminal, a line every five seconds in a pipe.</summary>
internal static class WorkProgress
{
    private const int BarWidth = 20;   // leaves room for the figures in 80 columns

    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Does the work and shows its progress.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="title">What is done, for example <c>Ingesting articles</c>.</param>
    /// <param name="noun">What is counted, in the singular.</param>
    /// <param name="forPrograms">True if a program reads the output: then a pipe gets no lines.</param>
    /// <param name="workAsync">The work; reports as often as it likes, one report at a time.</param>
    public static async Task<T> RunAsync<T>(
        Terminal terminal, string title, string noun, bool forPrograms, Func<IProgress<WorkDone>, Task<T>> workAsync)
    {
        var meter = new WorkMeter(noun, terminal.Time);
        if (!terminal.ErrorConsole.Profile.Capabilities.Interactive)
        {
            return await workAsync(forPrograms ? new Silence() : new Lines(terminal, title, meter));
        }

        return await terminal.ErrorConsole.Progress()
            .AutoClear(true)
            .ExcludeVerticalPadding()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new FiguresColumn())
            .StartAsync(context => workAsync(new Bar(context.AddTask(Markup.Escape(title), maxValue: 1), meter)));
    }

    private sealed class Silence : IProgress<WorkDone>
    {
        public void Report(WorkDone value)
        {
            // Whoever asked for JSON reads the result.
        }
    }

    private sealed class Lines(Terminal terminal, string title, WorkMeter meter) : IProgress<WorkDone>
    {
        private TimeSpan _nextAt = LineEvery;

        public void Report(WorkDone value)
        {
            if (meter.Elapsed < _nextAt)
            {
                return;
            }

            _nextAt = meter.Elapsed + LineEvery;
            terminal.Say($"{title}: {meter.Describe(value)}");
        }
    }

    private sealed class Bar(ProgressTask task, WorkMeter meter) : IProgress<WorkDone>
    {
        public void Report(WorkDone value)
        {
            task.Tag = meter.Describe(value);
            task.IsIndeterminate = value.Fraction is null;
            task.Value = value.Fraction ?? 0;
        }
    }

    private sealed class FiguresColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Tag as string ?? "");
    }
}
