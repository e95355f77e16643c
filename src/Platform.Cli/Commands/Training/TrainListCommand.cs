using System.CommandLine;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train list</c></summary>
internal sealed class TrainListCommand : ClientCommand
{
    public TrainListCommand(Terminal terminal)
        : base(terminal, "list", "list training jobs")
    {
        Examples = [new("platform train list", "See all jobs and how they go")];
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<TrainingJob> jobs = await client.ListTrainingAsync(cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new TrainingJobList { Jobs = jobs }, JsonOutput.Readable.TrainingJobList);
            return ExitCodes.Ok;
        }

        foreach (TrainingJob job in jobs)
        {
            Terminal.Print(TrainingJobView.Describe(job));
        }

        if (jobs.Count == 0)
        {
            Terminal.Say("There are no training jobs. 'platform train submit' starts one.");
        }

        return ExitCodes.Ok;
    }
}
