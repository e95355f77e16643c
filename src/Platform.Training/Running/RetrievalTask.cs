using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Training.Backward;
using Platform.Training.Data;
using Platform.Training.Losses;
using Platform.Training.Optimisation;
using Platform.Training.Recipes;
using static TorchSharp.torch;

namespace Platform.Training.Running;

/// <summary>Trains queries to find their passages.</summary>
internal sealed class RetrievalTask : TrainingTask
{
    private readonly TrainingRecipe _recipe;
    private readonly RetrievalBatches _batches;
    private readonly GradientCache _cache;
    private readonly QuadraticRamp _queryRamp;
    private readonly QuadraticRamp _passageRamp;

    /// <param name="recipe">What to do.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="contract">The head's scale.</param>
    /// <param name="data">The examples.</param>
    /// <param name="queries">Adjusts the regulariser of queries.</param>
    /// <param name="passages">Adjusts the regulariser of passages.</param>
    public RetrievalTask(TrainingRecipe recipe, LlamaModel model, EncoderContract contract, TokenisedData data, SparsityController queries, SparsityController passages)
    {
        _recipe = recipe;
        _batches = new RetrievalBatches(data, recipe);
        TrainedHead head = recipe.Head == EncoderHead.Sparse
            ? new TrainedSparseHead(model.Weights.Head, contract.LogitScale, recipe.FreezeHead || recipe.Lora is not null)
            : new TrainedDenseHead();
        _cache = new GradientCache(model, head, recipe.ChunkTokens, recipe.RecomputeLayers);
        _queryRamp = QuadraticRamp.OverFirstThird(recipe.Sparsity.Queries, recipe.Steps);
        _passageRamp = QuadraticRamp.OverFirstThird(recipe.Sparsity.Passages, recipe.Steps);
        Queries = queries;
        Passages = passages;
    }

    private SparsityController Queries { get; }

    private SparsityController Passages { get; }

    public override void Dispose() => _cache.Dispose();

    protected override StepFigures AddGradients(int step, long batch, double share, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        RetrievalBatch texts = _batches.At(batch);
        Tensor all = _cache.Encode([.. texts.Queries, .. texts.Passages], Seeds.Mix(_recipe.Seed, SeedPurpose.Dropout, batch), cancellationToken);
        Tensor queries = all.narrow(0, 0, texts.Queries.Length);                                    // [B, d]
        Tensor passages = all.narrow(0, texts.Queries.Length, texts.Passages.Length);               // [B(1+n), d]
        Tensor? teacher = texts.TeacherScores is { } scores ? tensor(scores).view(texts.Queries.Length, -1) : null;
        Tensor? same = texts.SameAsPositive is { } flags ? tensor(flags).view(texts.Queries.Length, -1) : null;
        Tensor ranking = RankingLoss.Of(_recipe.Objective, queries, passages, teacher, _recipe.TemperatureOrDefault, same);
        StepFigures figures = _recipe.Head == EncoderHead.Sparse ? Regularised(step, queries, passages, ranking, share) : Plain(ranking, share);
        _cache.Backward(cancellationToken);
        return figures with { Tokens = texts.Queries.Sum(text => (long)text.Length) + texts.Passages.Sum(text => (long)text.Length) };
    }

    private static StepFigures Plain(Tensor ranking, double share)
    {
        (ranking * share).backward();
        double loss = ranking.item<float>();
        return new StepFigures(loss, loss, 0, 0, 0, 0, 0);
    }

    private StepFigures Regularised(int step, Tensor queries, Tensor passages, Tensor ranking, double share)
    {
        Tensor ofQueries = FlopsRegulariser.Loss(queries);
        Tensor ofPassages = FlopsRegulariser.Loss(passages);
        Tensor loss = ranking + (ofQueries * (_queryRamp.At(step) * Queries.Factor)) + (ofPassages * (_passageRamp.At(step) * Passages.Factor));
        (loss * share).backward();
        double queryTerms = NonZeros(queries);
        double passageTerms = NonZeros(passages);
        bool rampIsOver = step >= _queryRamp.RampSteps;
        Queries.Observe(queryTerms, rampIsOver);
        Passages.Observe(passageTerms, rampIsOver);
        return new StepFigures(loss.item<float>(), ranking.item<float>(), ofQueries.item<float>(), ofPassages.item<float>(), queryTerms, passageTerms, 0);
    }

    private static double NonZeros(Tensor weights)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        return (double)weights.detach().gt(0).sum().item<long>() / weights.shape[0];
    }
}
