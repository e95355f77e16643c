using Platform.Cli.Output;

namespace Platform.Cli.Commands.Models;

/// <summary>Bytes read, shown as megabytes of a whole.</summary>
internal sealed class Megabytes(IProgress<WorkDone> progress, long whole = 0) : IProgress<long>
{
    private long _done;
    private long _whole = whole;

    /// <summary>Is told the whole, where it is known only later.</summary>
    public IProgress<long> Whole => new Size(this);

    /// <inheritdoc/>
    public void Report(long value)
    {
        _done += value;
        progress.Report(new WorkDone(_done >> 20, 0, _whole > 0 ? Math.Min(1, (double)_done / _whole) : null));
    }

    private sealed class Size(Megabytes bytes) : IProgress<long>
    {
        public void Report(long value) => bytes._whole = value;
    }
}
