using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>Writes a source's documents into an index, and tells what became of them.</summary>
/// <param name="terminal">Shows progress, failures and counts.</param>
/// <param name="client">The platform.</param>
/// <param name="index">An existing index.</param>
/// <param name="source">The documents.</param>
/// <param name="forPrograms">True if a program reads the output.</param>
internal sealed class IngestJob(Terminal terminal, PlatformClient client, string index, IItemSource source, bool forPrograms)
{
    private readonly Tally _tally = new();

    /// <summary>Runs it.</summary>
    /// <param name="options">Sizes and retries.</param>
    /// <param name="failuresFile">Takes all failures; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IngestOptions options, string? failuresFile, CancellationToken cancellationToken)
    {
        using var failures = new FailureLog(terminal, failuresFile);
        source.BadLine = (line, detail) =>
        {
            _tally.AddBadLine();
            failures.Add(line, detail);
        };
        IngestReport report = await WorkProgress.RunAsync(
            terminal, $"Ingesting {index}", "document", forPrograms, shown => IngestAsync(options, failures, shown, cancellationToken));
        failures.Close();
        Print(report);
        return report switch
        {
            { Stopped: not null } => ExitCodes.Failed,
            { Failed: 0, Unknown: 0 } => ExitCodes.Ok,
            { Acknowledged: 0 } => ExitCodes.Failed,
            _ => ExitCodes.Partial,
        };
    }

    private async Task<IngestReport> IngestAsync(
        IngestOptions options, FailureLog failures, IProgress<WorkDone> shown, CancellationToken cancellationToken)
    {
        Problem? stopped = null;
        var progress = new Forward(_tally, source, shown);
        long startedAt = terminal.Time.GetTimestamp();
        try
        {
            await foreach (IngestResult result in client.IngestResultsAsync(
                index, source.ReadAsync(cancellationToken), options, progress, cancellationToken))
            {
                _tally.Add(result.Status);
                if (!result.IsAcknowledged)
                {
                    failures.Add(source.PlaceOf(result.Position), result);
                }
            }
        }
        catch (IngestStoppedException stop)
        {
            stopped = stop.Problem;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Say(
                $"{Figures.Count(_tally.Acknowledged, "document")} acknowledged. Run the same command again to ingest the rest; nothing will be there twice.");
            throw;
        }

        return _tally.Report(index, terminal.Time.GetElapsedTime(startedAt), stopped);
    }

    private void Print(IngestReport report)
    {
        if (forPrograms)
        {
            JsonOutput.Write(terminal, report, JsonOutput.Readable.IngestReport);
        }
        else
        {
            string counts = string.Join(", ", new[]
            {
                (report.Created, "created"), (report.Updated, "updated"), (report.Deleted, "deleted"),
                (report.NotFound, "not found"), (report.Failed, "failed"), (report.Unknown, "of unknown fate"),
            }.Where(part => part.Item1 > 0).Select(part => $"{Figures.Count(part.Item1)} {part.Item2}"));
            terminal.Print(
                $"{Figures.Count(report.Read, "document")} in {Figures.Duration(TimeSpan.FromSeconds(report.Seconds))} "
                + $"({Figures.Rate(report.DocumentsPerSecond)}, {Figures.Bytes(report.Bytes)}): {(counts.Length == 0 ? "nothing to do" : counts)}.");
        }

        if (report.Stopped is { } problem)
        {
            terminal.Say($"platform: stopped before the end of the files: {problem.Detail}");
        }
    }

    private sealed class Forward(Tally tally, IItemSource source, IProgress<WorkDone> shown) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value)
        {
            tally.Bytes = value.Bytes;
            shown.Report(new WorkDone(value.Acknowledged, value.Failed + tally.BadLines, source.FractionRead));
        }
    }
}
