using System.Globalization;
using Platform.Cli.Output;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Training;

/// <summary>Training jobs as a person or a program reads them.</summary>
internal static class TrainingJobView
{
    /// <summary>Prints one job.</summary>
    public static void Write(Terminal terminal, TrainingJob job, bool json)
    {
        if (json)
        {
            JsonOutput.Write(terminal, job, JsonOutput.Readable.TrainingJob);
        }
        else
        {
            terminal.Print(Describe(job));
        }
    }

    /// <summary>For example <c>night-run: running, step 120/2,000, loss 2.3140, lr 8.2e-05, 3,210 tokens/s, 12 min 4 s left</c>.</summary>
    public static string Describe(TrainingJob job)
    {
        List<string> parts = [$"{job.Name}: {job.Phase.ToString().ToLowerInvariant()}", $"step {Figures.Count(job.Step)}/{Figures.Count(job.Steps)}"];
        if (job is { Phase: TrainingJobPhase.Running, Step: > 0 })
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"loss {job.Loss:0.0000}, ranking {job.RankingLoss:0.0000}, lr {job.LearningRate:0.0e-00}, {job.TokensPerSecond:N0} tokens/s"));
            if (job.QueryTerms + job.PassageTerms > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"terms {job.QueryTerms:0} and {job.PassageTerms:0}"));
            }
        }

        if (job.SecondsLeft is { } left)
        {
            parts.Add($"{Figures.Duration(TimeSpan.FromSeconds(left))} left");
        }

        if (job.DevelopmentNdcgAt10 is { } ndcg)
        {
            parts.Add($"development nDCG@10 {Figures.Score(ndcg)}");
        }

        if (job.Model is { } model)
        {
            parts.Add($"model {model}");
        }

        if (job.Fault is { } fault)
        {
            parts.Add(fault);
        }

        return string.Join(", ", parts);
    }
}
