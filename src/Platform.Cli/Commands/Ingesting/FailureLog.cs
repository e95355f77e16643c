using System.Text.Json;
using Platform.Cli.Output;
using Platform.Client.Contracts;
using Platform.Client.Ingest;

namespace Platform.Cli.Commands.Ingesting;

/// <summary>Tells of every document that failed: the first few on standard error, all of them in a file if one is named. Thread-safe.</summary>
internal sealed class FailureLog : IDisposable
{
    private const int MaxShown = 10;

    private readonly Terminal _terminal;
    private readonly StreamWriter? _file;
    private readonly string? _path;
    private readonly Lock _lock = new();
    private long _count;

    /// <summary>Opens the log.</summary>
    /// <param name="terminal">Where the first few go.</param>
    /// <param name="path">Takes all, one JSON object a line; null for none.</param>
    public FailureLog(Terminal terminal, string? path)
    {
        _terminal = terminal;
        _path = path;
        _file = path is null ? null : new StreamWriter(path) { NewLine = "\n" };
    }

    /// <summary>Notes a line that is no document.</summary>
    public void Add(LineOf line, string detail) =>
        Write(line, id: null, new BulkError(ErrorCodes.InvalidJson, detail, Retryable: false), "failed");

    /// <summary>Notes a document that the service did not take.</summary>
    public void Add(LineOf line, IngestResult result) =>
        Write(line, result.Id, result.Error, result.Status is IngestStatus.Unknown ? "unknown" : "failed");

    /// <summary>Says how many more there were, and where they stand.</summary>
    public void Close()
    {
        if (_count > MaxShown)
        {
            _terminal.Say($"... and {Figures.Count(_count - MaxShown)} more. {(_path is null ? "--failures FILE writes them all to a file." : "")}".TrimEnd());
        }

        if (_path is not null)
        {
            _terminal.Say($"{Figures.Count(_count, "failure")} written to {_path}.");
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Write(LineOf line, string? id, BulkError? error, string status)
    {
        lock (_lock)
        {
            if (_count++ < MaxShown)
            {
                _terminal.Say($"{line}: {(id is null ? "" : $"document '{id}' ")}{status}: {error?.Detail}");
            }

            _file?.WriteLine(JsonSerializer.Serialize(
                new FailedDocument(line.File, line.Number, id, status, error?.Code, error?.Detail, error?.Retryable ?? false),
                JsonOutput.Lines.FailedDocument));
        }
    }
}

/// <summary>One line of the file of failures.</summary>
/// <param name="File">Where the document came from.</param>
/// <param name="Line">The line there, from 1.</param>
/// <param name="Id">The document's id, where the line had one.</param>
/// <param name="Status"><c>failed</c> (not applied) or <c>unknown</c> (perhaps applied).</param>
/// <param name="Code">A stable word for the error.</param>
/// <param name="Detail">What, the value, the limit, the remedy.</param>
/// <param name="Retryable">True if the same document may succeed later.</param>
internal sealed record FailedDocument(string File, long Line, string? Id, string Status, string? Code, string? Detail, bool Retryable);
