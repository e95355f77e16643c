using Platform.Cli.Commands.Evaluating;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Encoders.Models;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Reports;

namespace Platform.Cli.Commands;

/// <summary>The demo's second part: words, learned sparse vectors, dense vectors and both, on one sample.</summary>
/// <remarks>The queries are among those that the shipped models' recipes held out: no model was trained on their summaries.</remarks>
internal sealed class DemoComparison(Terminal terminal, PlatformClient client, bool forPrograms)
{
    /// <summary>The index that holds the sample's learned sparse and dense vectors.</summary>
    public const string Index = "dotnet-models";

    /// <summary>Documents of the sample where nothing else is said.</summary>
    public const int DefaultDocuments = 6_000;

    private const string WordsIndex = "dotnet-words";
    private const int MaxQueries = 500;
    private const int Depth = 100;

    /// <summary>Evaluates all four.</summary>
    /// <param name="whole">The documentation, with the held-out queries first.</param>
    /// <param name="documents">How many documents the sample has.</param>
    /// <param name="queries">How many queries are searched at most.</param>
    /// <param name="folder">Takes the runs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<NamedReport>> RunAsync(
        IRetrievalCollection whole, int documents, int queries, string folder, CancellationToken cancellationToken)
    {
        foreach (string index in new[] { Index, WordsIndex })
        {
            await client.DeleteIndexAsync(index, cancellationToken);                     // of an earlier demo on this folder
        }

        var sample = await LimitedCollection.SampleAsync(
            whole, DotNetReference.Split, documents, Math.Min(queries, MaxQueries), cancellationToken);
        var words = new EvaluationPlan
        {
            Index = WordsIndex,
            Split = DotNetReference.Split,
            Encoder = "lexical",
            Depth = Depth,
            OutputFolder = Path.Combine(folder, "lexical"),
        };
        EvaluationPlan sparse = words with
        {
            Index = Index,
            Encoder = ShippedModels.Sparse,
            Dense = new DenseSpec { Encoder = ShippedModels.Dense },
            OutputFolder = Path.Combine(folder, "sparse"),
        };
        EvaluationPlan dense = sparse with { Mode = "dense", UseExisting = true, OutputFolder = Path.Combine(folder, "dense") };
        EvaluationPlan hybrid = dense with { Mode = "hybrid", Fusion = new FusionSpec { Depth = Depth }, OutputFolder = Path.Combine(folder, "hybrid") };
        return
        [
            new NamedReport("lexical", await EvaluateAsync(words)),
            new NamedReport("sparse", await EvaluateAsync(sparse)),
            new NamedReport("dense", await EvaluateAsync(dense)),
            new NamedReport("hybrid", await EvaluateAsync(hybrid)),
        ];

        async Task<EvaluationReport> EvaluateAsync(EvaluationPlan plan)
        {
            EvaluationOutcome outcome = await new CollectionEvaluation(terminal, client, plan, forPrograms)
                .RunAsync(sample, sample.DocumentCount, cancellationToken);
            EvaluationTable.Warn(terminal, outcome);
            return outcome.Report;
        }
    }
}
