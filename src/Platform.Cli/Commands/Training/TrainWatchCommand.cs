using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train watch JOB</c></summary>
internal sealed class TrainWatchCommand : ClientCommand
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);

    private readonly Argument<string> _job = new("JOB") { Description = "The job's name." };

    public TrainWatchCommand(Terminal terminal)
        : base(terminal, "watch", "follow a job to its end")
    {
        Details = ["Prints a line whenever something changed. Ctrl-C ends the watching, not the job. Exits with 0 when the model is made, with 1 when the job failed or was cancelled."];
        Examples = [new("platform train watch night-run", "Follow a job")];
        Add(_job);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string told = "";
        while (true)
        {
            TrainingJob job = await client.GetTrainingAsync(arguments.GetRequiredValue(_job), cancellationToken)
                ?? throw CommandFaultException.Failed($"There is no training job '{arguments.GetValue(_job)}'. 'platform train list' shows what there is.");
            if (job.Phase != TrainingJobPhase.Running)
            {
                TrainingJobView.Write(Terminal, job, arguments.GetValue(Json));
                return job.Phase == TrainingJobPhase.Done ? ExitCodes.Ok : ExitCodes.Failed;
            }

            string line = TrainingJobView.Describe(job);
            if (line != told)
            {
                Terminal.Say(line);
                told = line;
            }

            await Task.Delay(AskEvery, Terminal.Time, cancellationToken);
        }
    }
}
