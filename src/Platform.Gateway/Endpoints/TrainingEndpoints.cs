using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Reading;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints;

/// <summary><c>/v1/training-jobs</c>: submit, list, describe, cancel, resume.</summary>
internal static class TrainingEndpoints
{
    private const int MaxRecipeBytes = 256 << 10;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/training-jobs", SubmitAsync)
            .WithName("submitTrainingJob").WithSummary("Starts a training job; the same name and recipe once more changes nothing.").WithTags("Training")
            .Accepts<TrainingJobSpec>("application/json")
            .Produces<TrainingJob>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 413, 415);
        routes.MapGet("/v1/training-jobs", ListAsync)
            .WithName("listTrainingJobs").WithSummary("Lists the tenant's training jobs by ascending name.").WithTags("Training")
            .Produces<TrainingJobList>()
            .ProducesFaults();
        routes.MapGet("/v1/training-jobs/{job}", GetAsync)
            .WithName("getTrainingJob").WithSummary("Says how a training job goes.").WithTags("Training")
            .Produces<TrainingJob>()
            .ProducesFaults(404);
        routes.MapPost("/v1/training-jobs/{job}/cancel", CancelAsync)
            .WithName("cancelTrainingJob").WithSummary("Saves and stops a training job.").WithTags("Training")
            .Produces<TrainingJob>()
            .ProducesFaults(404);
        routes.MapPost("/v1/training-jobs/{job}/resume", ResumeAsync)
            .WithName("resumeTrainingJob").WithSummary("Goes on with a training job that was cancelled or failed.").WithTags("Training")
            .Produces<TrainingJob>()
            .ProducesFaults(404);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        TrainingJobSpec spec = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<TrainingJobSpec>(), MaxRecipeBytes, cancellationToken);
        List<string> faults = [];
        if (!Names.IsValid(spec.Name))
        {
            faults.Add($"Member 'name' is '{Fault.Shorten(spec.Name ?? "")}'; a name is {Names.Rule}.");
        }

        if (spec.Recipe.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            faults.Add("Member 'recipe' is missing or no object; give a training recipe.");
        }

        if (faults.Count > 0)
        {
            throw new RequestException(Fault.Invalid(string.Join(' ', faults)));
        }

        TrainingReport report = await JobOf(http, grains, spec.Name!).SubmitAsync(Encoding.UTF8.GetBytes(spec.Recipe.GetRawText()), cancellationToken);
        http.Response.Headers.Location = $"/v1/training-jobs/{report.Job}";
        return Answer(report, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        TrainingReport[] reports = await grains.GetGrain<ITrainingCatalogueGrain>(Tenant.Of(http)).ListAsync(cancellationToken);
        return TypedResults.Json(new TrainingJobList { Jobs = [.. reports.Select(Describe)] }, GatewayJson.Answers.TrainingJobList);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string job, IGrainFactory grains, CancellationToken cancellationToken) =>
        Answer(await FindAsync(http, grains, job, cancellationToken));

    private static async Task<IResult> CancelAsync(HttpContext http, string job, IGrainFactory grains, CancellationToken cancellationToken)
    {
        _ = await FindAsync(http, grains, job, cancellationToken);
        return Answer(await JobOf(http, grains, job).CancelAsync(cancellationToken));
    }

    private static async Task<IResult> ResumeAsync(HttpContext http, string job, IGrainFactory grains, CancellationToken cancellationToken)
    {
        _ = await FindAsync(http, grains, job, cancellationToken);
        return Answer(await JobOf(http, grains, job).ResumeAsync(cancellationToken));
    }

    private static async Task<TrainingReport> FindAsync(HttpContext http, IGrainFactory grains, string job, CancellationToken cancellationToken) =>
        (Names.IsValid(job) ? await JobOf(http, grains, job).ReportAsync(cancellationToken) : null)
        ?? throw new RequestException(new Fault(StatusCodes.Status404NotFound, ErrorCodes.JobNotFound, $"There is no training job '{Fault.Shorten(job)}'. GET /v1/training-jobs lists what there is."));

    private static ITrainingGrain JobOf(HttpContext http, IGrainFactory grains, string job) => grains.GetGrain<ITrainingGrain>($"{Tenant.Of(http)}/{job}");

    private static IResult Answer(TrainingReport report, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(Describe(report), GatewayJson.Answers.TrainingJob, statusCode: status);

    private static TrainingJob Describe(TrainingReport report) => new()
    {
        Name = report.Job,
        Phase = report.Phase switch
        {
            TrainingPhase.Running => TrainingJobPhase.Running,
            TrainingPhase.Done => TrainingJobPhase.Done,
            TrainingPhase.Cancelled => TrainingJobPhase.Cancelled,
            _ => TrainingJobPhase.Failed,
        },
        Step = report.Step,
        Steps = report.Steps,
        Loss = report.Loss,
        RankingLoss = report.RankingLoss,
        LearningRate = report.LearningRate,
        QueryTerms = report.QueryTerms,
        PassageTerms = report.PassageTerms,
        TokensPerSecond = report.TokensPerSecond,
        SecondsLeft = report.TimeLeft?.TotalSeconds,
        DevelopmentNdcgAt10 = report.DevelopmentNdcgAt10,
        Model = report.Model,
        Fault = report.Fault,
        Attempts = report.Attempts,
        Silo = report.Silo,
    };
}
