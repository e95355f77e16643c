using System.Runtime.InteropServices;
using Platform.Cli.Commands;
using Platform.Cli.Output;

// The first Ctrl-C or SIGTERM ends the command in good order, the second ends the process.
using var cancelled = new CancellationTokenSource();
void Cancel(PosixSignalContext signal)
{
    signal.Cancel = !cancelled.IsCancellationRequested;
    cancelled.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return await new CommandLine(Terminal.OfProcess()).RunAsync(args, cancelled.Token);
