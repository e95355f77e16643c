using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>Keeps what is logged at level error or above.</summary>
internal sealed class ErrorLog : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ErrorLog() => Provider = new ToOneLogger(this);

    public ILoggerProvider Provider { get; }

    /// <summary>Fails with what was logged since the last call, if anything was.</summary>
    public void AssertEmpty()
    {
        var lines = new StringBuilder();
        while (_lines.TryDequeue(out string? line))
        {
            lines.AppendLine(line);
        }

        Assert.True(lines.Length == 0, lines.ToString());
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    private sealed class ToOneLogger(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
