using Platform.Encoders.Llama;
using Platform.Training.Backward;
using Platform.Training.Data;
using Platform.Training.Masking;
using Platform.Training.Recipes;
using static TorchSharp.torch;

namespace Platform.Training.Running;

/// <summary>Trains to predict masked tokens.</summary>
/// <remarks>A batch is computed in chunks of blocks, whose gradients add up to those of the whole.</remarks>
internal sealed class MaskedTask : TrainingTask
{
    private readonly TrainingRecipe _recipe;
    private readonly LlamaModel _model;
    private readonly MaskedBatches _batches;
    private readonly bool _isHeadFrozen;

    /// <exception cref="RecipeException">The vocabulary has no mask token, or the data are too few.</exception>
    public MaskedTask(TrainingRecipe recipe, LlamaModel model, TokenisedData data, int maskId)
    {
        _recipe = recipe;
        _model = model;
        _batches = new MaskedBatches(data, recipe, maskId, model.Config.Vocabulary);
        _isHeadFrozen = recipe.FreezeHead || recipe.Lora is not null;
    }

    public override void Dispose()
    {
    }

    protected override StepFigures AddGradients(int step, long batch, double share, CancellationToken cancellationToken)
    {
        IReadOnlyList<MaskedBlock> blocks = _batches.At(batch);
        int chosen = Math.Max(1, blocks.Sum(block => block.Chosen.Length));
        int perChunk = Math.Max(1, _recipe.ChunkTokens / _recipe.Masking.Length);
        double loss = 0;
        foreach (MaskedBlock[] chunk in blocks.Chunk(perChunk))
        {
            using var scope = NewDisposeScope();
            using var tokens = TokenBatch.Pack([.. chunk.Select(block => (ReadOnlyMemory<int>)block.Input)], _model.Weights.Device);
            using var pass = TrunkPass.Forward(_model, tokens, _recipe.RecomputeLayers, Seeds.Mix(_recipe.Seed, SeedPurpose.Dropout, batch), cancellationToken);
            Tensor hidden = pass.Hidden.detach().requires_grad_();
            Tensor head = _isHeadFrozen ? _model.Weights.Head.detach() : _model.Weights.Head;
            double part = (double)chunk.Sum(block => block.Chosen.Length) / chosen;                  // so that the mean is over all chosen places
            Tensor chunkLoss = MntpLoss.Loss(hidden, head, chunk) * part;
            (chunkLoss * share).backward();
            loss += chunkLoss.item<float>();
            pass.Backward(hidden.grad!);
        }

        return new StepFigures(loss, loss, 0, 0, 0, 0, (long)blocks.Count * _recipe.Masking.Length);
    }
}
