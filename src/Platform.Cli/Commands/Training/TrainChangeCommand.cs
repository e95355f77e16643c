using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train cancel JOB</c> and <c>platform train resume JOB</c></summary>
internal sealed class TrainChangeCommand : ClientCommand
{
    private readonly Argument<string> _job = new("JOB") { Description = "The job's name." };
    private readonly Func<PlatformClient, string, CancellationToken, Task<TrainingJob?>> _changeAsync;

    public TrainChangeCommand(
        Terminal terminal, string name, string summary, string example, string purpose, Func<PlatformClient, string, CancellationToken, Task<TrainingJob?>> changeAsync)
        : base(terminal, name, summary)
    {
        _changeAsync = changeAsync;
        Examples = [new(example, purpose)];
        Add(_job);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        TrainingJob job = await _changeAsync(client, arguments.GetRequiredValue(_job), cancellationToken)
            ?? throw CommandFaultException.Failed($"There is no training job '{arguments.GetValue(_job)}'. 'platform train list' shows what there is.");
        TrainingJobView.Write(Terminal, job, arguments.GetValue(Json));
        return ExitCodes.Ok;
    }
}
