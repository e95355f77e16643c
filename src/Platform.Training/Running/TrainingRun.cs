using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Text;
using Platform.Training.Checkpoints;
using Platform.Training.Data;
using Platform.Training.Evaluating;
using Platform.Training.Optimisation;
using Platform.Training.Recipes;

namespace Platform.Training.Running;

/// <summary>The steps of a run, from its state to its end or a stop.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingRecipe _recipe;
    private readonly LlamaModel _model;
    private readonly EncoderContract _contract;
    private readonly DevelopmentEvaluation? _development;
    private readonly TrainingTask _task;
    private readonly TrainingMonitor _monitor;
    private readonly LinearSchedule _schedule;
    private readonly SparsityController _queries;
    private readonly SparsityController _passages;
    private readonly TimeProvider _time;
    private readonly Pace _pace;
    private TrainingState? _state;
    private long _countedAt;

    /// <exception cref="RecipeException">Recipe and model do not fit.</exception>
    public TrainingRun(
        TrainingRecipe recipe, LlamaModel model, EncoderContract contract, IReadOnlyList<TrainedTensor> trained, AdamW optimiser,
        TokenisedData data, ContractTokenizer tokenizer, DevelopmentEvaluation? development, TimeProvider time)
    {
        _recipe = recipe;
        _model = model;
        _contract = contract;
        Trained = trained;
        Optimiser = optimiser;
        _development = development;
        _time = time;
        _pace = new Pace(time);
        _queries = new SparsityController(recipe.Sparsity.TargetQueryTerms);
        _passages = new SparsityController(recipe.Sparsity.TargetPassageTerms);
        _task = recipe.Stage == TrainingStage.Retrieval
            ? new RetrievalTask(recipe, model, contract, data, _queries, _passages)
            : new MaskedTask(recipe, model, data, MaskId(recipe, tokenizer));
        _monitor = new TrainingMonitor(recipe, model.Config.Vocabulary);
        _schedule = LinearSchedule.WithWarmupPart(recipe.LearningRate, recipe.Warmup, recipe.Steps);
    }

    public IReadOnlyList<TrainedTensor> Trained { get; }

    public AdamW Optimiser { get; }

    /// <summary>The state after the last step.</summary>
    public TrainingState State => _state ?? throw new InvalidOperationException("Begin comes first.");

    /// <summary>Starts from a restored state, or anew for null.</summary>
    public void Begin(TrainingState? state, string recipeHash, string dataHash)
    {
        _state = state ?? new TrainingState
        {
            Format = CheckpointFolder.Format,
            Step = 0,
            RecipeHash = recipeHash,
            DataHash = dataHash,
            Tokens = 0,
            Seconds = 0,
            Sparsity = [1, 0, 1, 0],
            Best = null,
            TensorsSha256 = "",
        };
        _queries.Restore(_state.Sparsity[0], _state.Sparsity[1]);
        _passages.Restore(_state.Sparsity[2], _state.Sparsity[3]);
    }

    /// <summary>Goes on to the end; saves on the way.</summary>
    /// <returns>False if it was stopped; the state is saved.</returns>
    public async Task<bool> AdvanceAsync(CheckpointFolder checkpoints, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        _countedAt = _time.GetTimestamp();
        if (_development is not null && State.Step == 0)
        {
            await EvaluateAsync(_development, checkpoints, progress, CancellationToken.None);        // what training has to beat
        }

        while (State.Step < _recipe.Steps)
        {
            if (stop.IsCancellationRequested || !TryStep(progress, stop))
            {
                await checkpoints.SaveAsync(State, Trained, Optimiser, CancellationToken.None);
                return false;
            }

            if (_development is not null && (State.Step % _recipe.Development!.Every == 0 || State.Step == _recipe.Steps))
            {
                await EvaluateAsync(_development, checkpoints, progress, CancellationToken.None);
            }

            if (State.Step % _recipe.Checkpoints.Every == 0 || State.Step == _recipe.Steps)
            {
                await checkpoints.SaveAsync(State, Trained, Optimiser, CancellationToken.None);
            }
        }

        return true;
    }

    public void Dispose() => _task.Dispose();

    private bool TryStep(IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        int step = State.Step;
        StepFigures figures;
        try
        {
            figures = _task.Accumulate(step, _recipe.Accumulation, stop);
        }
        catch (OperationCanceledException)
        {
            return false;                                      // weights, moments and controllers are those of the step before
        }

        double norm = GradientClipping.Clip(Trained, _recipe.GradientNorm);
        _monitor.Check(step, figures, norm);
        double rate = _schedule.At(step);
        Optimiser.Step(step, rate);
        _pace.Note(figures.Tokens);
        long now = _time.GetTimestamp();
        _state = State with
        {
            Step = step + 1,
            Tokens = State.Tokens + figures.Tokens,
            Seconds = State.Seconds + _time.GetElapsedTime(_countedAt, now).TotalSeconds,
            Sparsity = [_queries.Factor, _queries.Seen, _passages.Factor, _passages.Seen],
        };
        _countedAt = now;
        progress?.Report(Progress("training", figures, norm, rate));
        return true;
    }

    private async Task EvaluateAsync(DevelopmentEvaluation development, CheckpointFolder checkpoints, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        DevelopmentResult result = await development.RunAsync(_model, _contract, State.Step, _recipe.ChunkTokens, cancellationToken);
        if (State.Best is null || result.NdcgAt10 > State.Best.NdcgAt10)
        {
            await checkpoints.SaveBestAsync(Trained, cancellationToken);
            _state = State with { Best = result };
        }

        progress?.Report(Progress("training", default, 0, 0) with
        {
            Notice = FormattableString.Invariant($"Step {result.Step}: development nDCG@10 {result.NdcgAt10:0.0000}, {result.QueryTerms:0} terms a query, {result.PassageTerms:0} a passage; best {State.Best!.NdcgAt10:0.0000} at step {State.Best.Step}."),
        });
    }

    private TrainingProgress Progress(string phase, StepFigures figures, double norm, double rate)
    {
        (double TokensPerSecond, double SecondsPerStep)? pace = _pace.Now();
        return new TrainingProgress
        {
            Phase = phase,
            Step = State.Step,
            Steps = _recipe.Steps,
            Loss = figures.Loss,
            RankingLoss = figures.Ranking,
            QueryFlops = figures.QueryFlops,
            PassageFlops = figures.PassageFlops,
            QueryTerms = figures.QueryTerms,
            PassageTerms = figures.PassageTerms,
            GradientNorm = norm,
            LearningRate = rate,
            TokensPerSecond = pace?.TokensPerSecond ?? 0,
            TimeLeft = pace is { } known ? TimeSpan.FromSeconds(known.SecondsPerStep * (_recipe.Steps - State.Step)) : null,
            Best = State.Best,
        };
    }

    private static int MaskId(TrainingRecipe recipe, ContractTokenizer tokenizer)
    {
        int[] ids = tokenizer.EncodeQuery(recipe.Masking.Token);
        return ids.Length > 0 ? ids[^1] : throw new RecipeException(recipe.Name, [$"masking.token '{recipe.Masking.Token}' is no token of the vocabulary"]);
    }
}
