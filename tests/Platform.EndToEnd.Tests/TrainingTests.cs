using System.Text.Json;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.EndToEnd.Tests.Cluster;

namespace Platform.EndToEnd.Tests;

/// <summary>Training jobs outlive the processes they run on.</summary>
public sealed class TrainingTests
{
    private const int Steps = 400;

    [RedisFact]
    public async Task A_job_whose_trainer_is_killed_goes_on_at_another_and_makes_the_model_of_one_that_was_left_alone()
    {
        await using TestCluster cluster = await TestCluster.StartWithRolesAsync("index", "trainer", "gateway");
        WriteData(cluster);
        using PlatformClient client = cluster.NewClient(cluster.Processes[2]);
        _ = await client.SubmitTrainingAsync(Spec("killed"));
        _ = await UntilAsync(client, "killed", job => job.Step > Steps / 10);

        PlatformProcess other = await cluster.AddAsync("--roles", "trainer");
        await cluster.Processes[1].KillAsync();

        TrainingJob killed = await UntilAsync(client, "killed", _ => false);
        Assert.True(killed.Phase == TrainingJobPhase.Done, $"{killed}\n{other.Output}");
        Assert.True(killed.Attempts >= 2, $"{killed.Attempts} attempts");
        _ = await client.SubmitTrainingAsync(Spec("left-alone"));
        TrainingJob whole = await UntilAsync(client, "left-alone", _ => false);
        Assert.Equal(whole.Model, killed.Model);
        Assert.Equal(["killed", "left-alone"], (await client.ListTrainingAsync()).Select(job => job.Name));
    }

    private static void WriteData(TestCluster cluster)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(cluster.ModelDirectory)!, "training-data", "default")).FullName;
        File.WriteAllLines(Path.Combine(folder, "pairs.jsonl"), Enumerable.Range(0, 500).Select(
            i => $$"""{"query": "what is {{i % 50}} and {{i / 50}}", "positive": "It is {{i % 50}}, and beside it {{i / 50}} of the {{i * 7 % 13}} others."}"""));
    }

    private static TrainingJobSpec Spec(string name) => new()
    {
        Name = name,
        Recipe = JsonDocument.Parse($$"""
            {"name": "trained", "steps": {{Steps}}, "batch": 16, "maxQueryTokens": 16, "maxPassageTokens": 32, "checkpoints": {"every": 20},
             "create": {"vocabulary": 512, "hidden": 32, "layers": 2, "heads": 2, "keyValueHeads": 1, "intermediate": 48, "maxPositions": 64},
             "data": [{"file": "pairs.jsonl"}]}
            """).RootElement,
    };

    /// <summary>The job as soon as something holds or it has ended.</summary>
    private static async Task<TrainingJob> UntilAsync(PlatformClient client, string name, Func<TrainingJob, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var ask = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            TrainingJob job = await client.GetTrainingAsync(name, limit.Token) ?? throw new InvalidOperationException($"Job {name} is gone.");
            if (holds(job) || job.Phase != TrainingJobPhase.Running)
            {
                return job;
            }

            _ = await ask.WaitForNextTickAsync(limit.Token);
        }
    }
}
