using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Evaluation.Collections;

namespace Platform.Cli.Commands.Evaluating;

/// <summary><c>platform eval --collection DIR</c></summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly ConnectionOptions _connection;
    private readonly Option<string> _collection = new("--collection")
    {
        HelpName = "DIR",
        Required = true,
        Description = "A collection in BEIR layout: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv.",
    };

    private readonly Option<string> _split = new("--split")
    {
        HelpName = "NAME",
        Description = "Which judgements: the name of a file in qrels.",
        DefaultValueFactory = _ => "test",
    };

    private readonly Option<string> _encoder = new("--encoder")
    {
        HelpName = "NAME",
        Description = "The encoder to evaluate.",
        DefaultValueFactory = _ => "lexical",
    };

    private readonly Option<int> _depth = new("--depth")
    {
        HelpName = "N",
        Description = "Hits a query, 1 to 10,000.",
        DefaultValueFactory = _ => 1_000,
    };

    private readonly Option<int> _shards = new("--shards")
    {
        HelpName = "N",
        Description = "Shards of the index, a power of two from 1 to 64; they change no number.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Bm25Options _bm25 = new();
    private readonly PruningOptions _pruning = new();
    private readonly DenseOptions _dense = new();
    private readonly HybridOptions _hybrid = new();
    private readonly Option<string?> _vectors = new("--vectors")
    {
        HelpName = "PREFIX",
        Description = "Dense vectors made elsewhere: PREFIX.corpus.f32 and PREFIX.queries.f32 (little-endian floats end to end) with an id a line in PREFIX.corpus.ids and "
            + "PREFIX.queries.ids. Queries are then searched by them unless --mode says otherwise.",
    };

    private readonly Option<int> _concurrency = new("--concurrency")
    {
        HelpName = "N",
        Description = "Queries under way at once, 1 to 64.",
        DefaultValueFactory = _ => 4,
    };

    private readonly Option<bool> _dropSelf = new("--drop-self")
    {
        Description = "Drop a hit whose id is the query's, as BEIR does for ArguAna and Quora. Not for collections that number queries and documents alike.",
    };

    private readonly Option<string?> _output = new("--output")
    {
        HelpName = "DIR",
        Description = "Where run.trec, qrels.trec and report.json are written. Without it, platform-eval/COLLECTION-SPLIT.",
    };

    private readonly Option<string?> _index = new("--index")
    {
        HelpName = "NAME",
        Description = "The name of the index. Without it, a new one that begins with eval-.",
    };

    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "Keep the index; without this it is deleted at the end.",
    };

    private readonly Option<bool> _existing = new("--existing")
    {
        Description = "Search the index --index as it is: create, ingest and delete nothing.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

    public EvalCommand(Terminal terminal)
        : base("eval", "measure an encoder on a test collection")
    {
        _terminal = terminal;
        _connection = new ConnectionOptions(terminal, "Without it the evaluation starts a platform of its own.");
        Details =
        [
            "Creates an index, ingests the collection, searches every judged query, and evaluates the run with trec_eval's numbers. "
            + "Without --url it does so on a platform of its own, in this process and a temporary folder; with it, on a running one.",
            "The run file has the queries in the collection's order and the hits in the answer's. It is the same, byte by byte, for any "
            + "number of shards, processes and concurrent queries. Any evaluator of TREC runs reads it.",
            "The exit status is 3 where documents were refused and so are missing from the numbers.",
        ];
        Examples =
        [
            new("platform eval --collection scifact", "Evaluate BM25 on BEIR's SciFact"),
            new(
                "platform eval --collection scifact --json | jq '.metrics[\"nDCG@10\"]'",
                "One number for another program"),
            new(
                "platform eval --collection scifact --shards 16 --output runs/16 && trec_eval -c -m ndcg_cut.10 runs/16/qrels.trec runs/16/run.trec",
                "Check a number with trec_eval itself"),
            new(
                "platform eval --collection scifact --encoder lion-1b@v1 --block-factor 0.8 --query-term-share 0.9",
                "See what approximate search costs in quality"),
            new(
                "platform eval --collection scifact --dense-encoder lion-1b-dense@v1 --mode hybrid --fusion min_max --dense-weight 0.7",
                "Evaluate BM25 and a model's dense vectors together; --mode lexical and --mode dense evaluate each alone"),
            new(
                "platform eval --collection scifact --vectors use/scifact --mode hybrid",
                "Evaluate BM25 together with vectors of your own"),
            new(
                "platform eval --collection scifact --url http://10.0.0.5:8080 --index scifact --keep",
                "Evaluate on a running cluster and keep the index"),
        ];
        Option[] options =
        [
            _collection, _split, _encoder, _depth, _shards, .. _bm25.All, .. _dense.All, _vectors, .. _hybrid.All, .. _pruning.All, _concurrency, _dropSelf, _output, _index, _keep, _existing, _json,
        ];
        foreach (Option option in options)
        {
            Add(option);
        }

        _connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string folder = arguments.GetRequiredValue(_collection);
        BeirCollection collection = BeirCollection.Open(folder);
        using GivenVectors? vectors = GivenVectors.Open(arguments.GetValue(_vectors));
        EvaluationPlan plan = PlanOf(arguments, collection, vectors);
        bool json = arguments.GetValue(_json);
        long documents = await LineCount.OfAsync(Path.Combine(folder, "corpus.jsonl"), cancellationToken);

        await using EmbeddedPlatform? embedded = _connection.IsNamed(arguments)
            ? null
            : await EmbeddedPlatform.StartAsync(dataDirectory: null, url: null, cancellationToken);
        using PlatformClient client = embedded?.Connect() ?? _connection.Open(arguments);
        var evaluation = new CollectionEvaluation(_terminal, client, plan, json);
        EvaluationOutcome outcome;
        try
        {
            outcome = await evaluation.RunAsync(collection, documents, cancellationToken);
        }
        finally
        {
            if (embedded is null && evaluation.HasCreatedIndex && !arguments.GetValue(_keep))
            {
                await DeleteAsync(client, plan.Index);
            }
        }

        Print(outcome, plan, json);
        return outcome.IsWhole ? ExitCodes.Ok : ExitCodes.Partial;
    }

    private void Print(EvaluationOutcome outcome, EvaluationPlan plan, bool json)
    {
        EvaluationTable.Warn(_terminal, outcome);
        if (json)
        {
            _terminal.Print((outcome.Report with { PerQuery = null }).ToJson());
            return;
        }

        EvaluationTable.Write(_terminal, outcome.Report);
        if (plan.Pruning is { } pruning)
        {
            _terminal.Print($"Searched approximately: {PruningOptions.Describe(pruning)}.");
        }

        _terminal.Print($"Run, judgements and report (each query) are in {plan.OutputFolder}.");
    }

    private EvaluationPlan PlanOf(ParseResult arguments, BeirCollection collection, GivenVectors? vectors)
    {
        string split = arguments.GetRequiredValue(_split);
        string? mode = _hybrid.ModeOf(arguments) ?? (vectors is null ? null : "dense");
        DenseSpec? dense = _dense.Read(arguments);
        int depth = arguments.GetValue(_depth);
        bool dropSelf = arguments.GetValue(_dropSelf);
        var plan = new EvaluationPlan
        {
            Index = arguments.GetValue(_index) ?? $"eval-{Guid.NewGuid():N}"[..21],
            Split = split,
            Encoder = arguments.GetRequiredValue(_encoder),
            Shards = arguments.GetValue(_shards),
            Bm25 = _bm25.Read(arguments),
            Pruning = _pruning.Read(arguments),
            Dense = vectors is null ? dense : (dense ?? new DenseSpec()) with { Dimensions = vectors.Documents.Dimensions },
            Vectors = vectors,
            Mode = mode,
            Fusion = _hybrid.FusionOf(
                arguments, string.Equals(mode, "hybrid", StringComparison.Ordinal), Math.Min(dropSelf ? depth + 1 : depth, EvaluationPlan.MaxDepth)),
            Depth = depth,
            Concurrency = arguments.GetValue(_concurrency),
            DropSelf = dropSelf,
            UseExisting = arguments.GetValue(_existing),
            OutputFolder = Path.GetFullPath(arguments.GetValue(_output) ?? $"platform-eval/{collection.Name}-{split}"),
        };
        List<string> faults = [];
        Check("--depth", plan.Depth, EvaluationPlan.MaxDepth);
        Check("--concurrency", plan.Concurrency, 64);
        if (plan.UseExisting && (arguments.GetValue(_index) is null || !_connection.IsNamed(arguments)))
        {
            faults.Add("--existing needs --url and --index: it searches an index of a running platform.");
        }

        if (!collection.Splits.Contains(split))
        {
            string known = collection.Splits.Count == 0 ? "none" : string.Join(", ", collection.Splits);
            faults.Add($"The collection has no split '{split}'; it has {known}.");
        }

        return faults.Count == 0 ? plan : throw CommandFaultException.Usage(string.Join(' ', faults));

        void Check(string option, int value, int most)
        {
            if (value < 1 || value > most)
            {
                faults.Add($"{option} is {value}; it must be 1 to {Figures.Count(most)}.");
            }
        }
    }

    /// <summary>Deletes the index even where the evaluation failed; that it can't is no second failure.</summary>
    private async Task DeleteAsync(PlatformClient client, string index)
    {
        try
        {
            await client.DeleteIndexAsync(index, CancellationToken.None);
        }
        catch (PlatformClientException fault)
        {
            _terminal.Say($"platform: index '{index}' is left behind: {fault.Message}");
        }
    }
}
