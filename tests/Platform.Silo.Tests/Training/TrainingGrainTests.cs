using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Training;

public sealed class TrainingGrainTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static readonly string[] Things = ["wing", "river", "engine", "letter", "garden", "number", "window", "mountain"];
    private static readonly string[] Deeds = ["opens", "carries", "measures", "paints", "breaks"];

    [Fact]
    public async Task A_job_makes_a_model_that_an_index_uses_at_once()
    {
        ITrainingGrain job = await SubmitAsync("makes", steps: 4);

        TrainingReport done = await UntilAsync(job, report => report.Phase != TrainingPhase.Running);
        Assert.Equal((TrainingPhase.Done, 4, null), (done.Phase, done.Step, done.Fault));
        IndexDefinition index = await silo.CreateAsync("uses", shards: 1, encoder: done.Model!);
        Assert.Equal(done.Model, index.Encoder);
        CallContext.ActFor("acme");
        Assert.Contains("makes", (await silo.Grains.GetGrain<ITrainingCatalogueGrain>("acme").ListAsync(default)).Select(report => report.Job));
    }

    [Fact]
    public async Task A_job_that_is_cancelled_and_resumed_makes_the_model_of_one_that_never_stopped()
    {
        TrainingReport whole = await UntilAsync(await SubmitAsync("whole", steps: 30), report => report.Phase != TrainingPhase.Running);
        ITrainingGrain job = await SubmitAsync("broken", steps: 30);
        _ = await UntilAsync(job, report => report.Step > 3);

        TrainingReport cancelled = await job.CancelAsync(default);
        Assert.True(cancelled.Phase is TrainingPhase.Cancelled or TrainingPhase.Done, $"{cancelled}");
        Assert.Equal(cancelled.Step, (await job.CancelAsync(default)).Step);
        _ = await job.ResumeAsync(default);

        TrainingReport done = await UntilAsync(job, report => report.Phase != TrainingPhase.Running);
        Assert.Equal((TrainingPhase.Done, whole.Model), (done.Phase, done.Model));
    }

    [Fact]
    public async Task A_job_goes_on_by_itself_when_its_silo_is_gone_and_another_is_there()
    {
        TrainingReport whole = await UntilAsync(await SubmitAsync("one-silo", steps: 60), report => report.Phase != TrainingPhase.Running);
        ITrainingGrain job = await SubmitAsync("two-silos", steps: 60);
        _ = await UntilAsync(job, report => report.Step > 3);

        await silo.RestartAsync();

        TrainingReport done = await UntilAsync(silo.Grains.GetGrain<ITrainingGrain>("acme/two-silos"), report => report.Phase != TrainingPhase.Running);
        Assert.Equal((TrainingPhase.Done, whole.Model), (done.Phase, done.Model));
        Assert.InRange(done.Attempts, 2, 3);
    }

    [Fact]
    public async Task Broken_data_fail_the_job_with_file_and_line()
    {
        ITrainingGrain job = await SubmitAsync("broken-data", steps: 3, lines: ["""{"query": "q", "positive": ""}"""]);
        TrainingReport failed = await UntilAsync(job, report => report.Phase != TrainingPhase.Running);
        Assert.Equal(TrainingPhase.Failed, failed.Phase);
        Assert.Contains("line 1: found a blank text in positive", failed.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name": "a", "create": SHAPE, "steps": 1, "data": [{"file": "../secrets.jsonl"}]}""", "no plain name")]
    [InlineData("""{"name": "a", "create": SHAPE, "steps": 1, "data": [{"file": "/etc/passwd"}]}""", "no plain name")]
    [InlineData("""{"name": "a", "base": "../../models/x", "steps": 1, "data": [{"file": "a.jsonl"}]}""", "no model of the store")]
    [InlineData("""{"name": "a", "steps": 0, "data": []}""", "steps is 0")]
    public async Task No_path_of_a_tenant_is_followed_and_every_fault_is_told(string recipe, string due)
    {
        CallContext.ActFor("acme");
        byte[] json = Encoding.UTF8.GetBytes(recipe.Replace("SHAPE", Shape, StringComparison.Ordinal));
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<ITrainingGrain>("acme/refused").SubmitAsync(json, default));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains(due, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenants_job_is_out_of_reach()
    {
        ITrainingGrain job = await SubmitAsync("private", steps: 2);
        CallContext.ActFor("globex");
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => job.ReportAsync(default));
        Assert.Equal(FaultKind.Forbidden, fault.Kind);
    }

    private const string Shape = """{"vocabulary": 512, "hidden": 16, "layers": 1, "heads": 2, "keyValueHeads": 1, "intermediate": 24, "maxPositions": 32}""";

    private async Task<ITrainingGrain> SubmitAsync(string name, int steps, string[]? lines = null)
    {
        string folder = Directory.CreateDirectory(Path.Combine(silo.DataDirectory, "training-data", "acme")).FullName;
        string file = lines is null ? "pairs.jsonl" : $"{name}.jsonl";
        await File.WriteAllLinesAsync(Path.Combine(folder, file), lines ??
        [
            .. from thing in Things
               from deed in Deeds
               select $$"""{"query": "who {{deed}} the {{thing}}", "positive": "The {{thing}} is something that somebody {{deed}}."}""",
        ]);
        string recipe = $$"""
            {"name": "trained", "create": {{Shape}}, "steps": {{steps}}, "batch": 8, "maxQueryTokens": 16, "maxPassageTokens": 24,
             "data": [{"file": "{{file}}"}], "checkpoints": {"every": 2} }
            """;
        CallContext.ActFor("acme");
        ITrainingGrain job = silo.Grains.GetGrain<ITrainingGrain>($"acme/{name}");
        _ = await job.SubmitAsync(Encoding.UTF8.GetBytes(recipe), default);
        return job;
    }

    private static async Task<TrainingReport> UntilAsync(ITrainingGrain job, Func<TrainingReport, bool> holds)
    {
        CallContext.ActFor("acme");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var ask = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await ask.WaitForNextTickAsync(limit.Token))
        {
            if (await job.ReportAsync(limit.Token) is { } report && (holds(report) || report.Phase is TrainingPhase.Done or TrainingPhase.Failed))
            {
                return report;
            }
        }

        throw new InvalidOperationException("unreachable");
    }
}
