using System.Globalization;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Metrics;
using Platform.Evaluation.Reports;
using Platform.Evaluation.Runs;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>The way from a collection to numbers: create an index, ingest, search the judged queries, evaluate the run.</summary>
/// <param name="terminal">Shows the progress.</param>
/// <param name="client">The platform, embedded or far away; both are reached over HTTP.</param>
/// <param name="plan">What to do.</param>
/// <param name="forPrograms">True if a program reads the output.</param>
internal sealed class CollectionEvaluation(
    Terminal terminal, PlatformClient client, EvaluationPlan plan, bool forPrograms)
{
    /// <summary>The run in the output folder: <c>qid Q0 docid rank score tag</c>.</summary>
    public const string RunFile = "run.trec";

    /// <summary>The judgements in the output folder, as trec_eval reads them.</summary>
    public const string QrelsFile = "qrels.trec";

    /// <summary>The report in the output folder.</summary>
    public const string ReportFile = "report.json";

    /// <summary>True once this evaluation has created its index: then, and only then, it is its to delete.</summary>
    public bool HasCreatedIndex { get; private set; }

    /// <summary>Evaluates.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="documentCount">How many documents it has, for the progress; null if that is not known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<EvaluationOutcome> RunAsync(
        IRetrievalCollection collection, long? documentCount, CancellationToken cancellationToken)
    {
        Qrels qrels = collection.ReadQrels(plan.Split);
        Directory.CreateDirectory(plan.OutputFolder);
        IngestSummary? ingested = plan.UseExisting
            ? null
            : await FillAsync(collection, documentCount, cancellationToken);
        string runPath = Path.Combine(plan.OutputFolder, RunFile);
        List<TimeSpan> latencies = await WorkProgress.RunAsync(
            terminal,
            $"Searching {plan.Index}",
            "query",
            forPrograms,
            shown => new QueryRun(client, plan, terminal.Time).RunAsync(
                collection.ReadQueriesAsync(plan.Split, cancellationToken),
                qrels.QueryIds.Count,
                runPath,
                shown,
                cancellationToken));
        IndexStatistics statistics = await client.GetStatisticsAsync(plan.Index, cancellationToken);

        RunEvaluation evaluation = RunEvaluator.EvaluateFile(runPath, qrels);
        EvaluationTimings timings = EvaluationTimings.Of(
            ingested?.Acknowledged ?? 0, ingested?.Elapsed ?? TimeSpan.Zero, latencies);
        EvaluationReport report = EvaluationReport.Of(
            evaluation,
            collection.Name,
            plan.Split,
            plan.Encoder,
            statistics.Documents,
            Parameters(statistics),
            timings);
        qrels.WriteTrec(Path.Combine(plan.OutputFolder, QrelsFile));
        await File.WriteAllTextAsync(
            Path.Combine(plan.OutputFolder, ReportFile), report.ToJson() + "\n", cancellationToken);
        return new EvaluationOutcome(report, ingested);
    }

    private async Task<IngestSummary> FillAsync(
        IRetrievalCollection collection, long? documentCount, CancellationToken cancellationToken)
    {
        await client.CreateIndexAsync(
            new IndexSpec
            {
                Name = plan.Index,
                Shards = plan.Shards,
                Encoder = plan.Encoder,
                Bm25 = plan.Bm25,
                Dense = plan.Dense,
            },
            cancellationToken);
        HasCreatedIndex = true;
        return await WorkProgress.RunAsync(
            terminal,
            $"Ingesting {collection.Name}",
            "document",
            forPrograms,
            shown => CollectionIngest.RunAsync(
                client, plan.Index, collection.ReadDocumentsAsync(cancellationToken), plan.Vectors?.Documents, documentCount, shown, cancellationToken));
    }

    private PruningSpec Pruning => plan.Pruning ?? new PruningSpec();

    private Dictionary<string, string> Parameters(IndexStatistics statistics) => new(FusionParameters())
    {
        ["bm25.b"] = plan.Bm25.B.ToString(CultureInfo.InvariantCulture),
        ["bm25.k1"] = plan.Bm25.K1.ToString(CultureInfo.InvariantCulture),
        ["depth"] = plan.Depth.ToString(CultureInfo.InvariantCulture),
        ["dropSelf"] = plan.DropSelf ? "true" : "false",
        ["pruning.blockFactor"] = Pruning.BlockFactor.ToString(CultureInfo.InvariantCulture),
        ["pruning.queryTermShare"] = Pruning.QueryTermShare.ToString(CultureInfo.InvariantCulture),
        ["pruning.superblockFactor"] = Pruning.SuperblockFactor.ToString(CultureInfo.InvariantCulture),
        ["shards"] = statistics.Shards.Count.ToString(CultureInfo.InvariantCulture),
    };

    private Dictionary<string, string> FusionParameters()
    {
        Dictionary<string, string> parameters = [];
        if (plan.Mode is { } mode)
        {
            parameters["mode"] = mode;
        }

        if (plan.Fusion is { } fusion)
        {
            parameters["fusion.depth"] = fusion.Depth.ToString(CultureInfo.InvariantCulture);
            parameters["fusion.method"] = fusion.Method;
            bool byRank = string.Equals(fusion.Method, "rrf", StringComparison.Ordinal);
            parameters[byRank ? "fusion.k" : "fusion.denseWeight"] =
                byRank ? fusion.K.ToString(CultureInfo.InvariantCulture) : fusion.DenseWeight.ToString(CultureInfo.InvariantCulture);
        }

        return parameters;
    }
}

/// <summary>What an evaluation found.</summary>
/// <param name="Report">The numbers.</param>
/// <param name="Ingested">The fate of the documents; null where an index was searched as it is.</param>
internal sealed record EvaluationOutcome(EvaluationReport Report, IngestSummary? Ingested)
{
    /// <summary>True if every document of the collection was searched.</summary>
    public bool IsWhole => Ingested?.IsComplete ?? true;
}
