using Platform.Training.Masking;
using Platform.Training.Recipes;

namespace Platform.Training.Data;

/// <summary>The masked blocks of a run by their number: all texts in the order of an epoch, packed, masked anew every time.</summary>
internal sealed class MaskedBatches
{
    private readonly TrainingRecipe _recipe;
    private readonly ReadOnlyMemory<int>[] _texts;
    private readonly EpochOrder _order;
    private readonly int _maskId;
    private readonly int _vocabulary;
    private readonly int _blocksPerEpoch;
    private long _epoch = -1;
    private int[][] _blocks = [];

    /// <exception cref="RecipeException">All texts together do not fill one block.</exception>
    public MaskedBatches(TokenisedData data, TrainingRecipe recipe, int maskId, int vocabulary)
    {
        _recipe = recipe;
        _texts = [.. data.Examples.Select(example => (ReadOnlyMemory<int>)example.Query), .. data.Passages.Select(passage => (ReadOnlyMemory<int>)passage)];
        _order = new EpochOrder(_texts.Length, recipe.Seed);
        _maskId = maskId;
        _vocabulary = vocabulary;
        _blocksPerEpoch = (int)(data.Tokens / recipe.Masking.Length);
        if (_blocksPerEpoch == 0)
        {
            throw new RecipeException(recipe.Name, [$"the data have {data.Tokens} tokens, and masking.length is {recipe.Masking.Length}; give more data, or shorter blocks"]);
        }
    }

    /// <summary>A batch; the same number gives the same batch whatever was drawn before.</summary>
    public IReadOnlyList<MaskedBlock> At(long number) => [.. Enumerable.Range(0, _recipe.Batch).Select(i => Block((number * _recipe.Batch) + i))];

    private MaskedBlock Block(long place)
    {
        long epoch = place / _blocksPerEpoch;
        if (epoch != _epoch)
        {
            _blocks = [.. PackedBlocks.Of(_order.Of(epoch).Select(text => _texts[text]), _recipe.Masking.Length)];
            _epoch = epoch;
        }

        return MaskedBlock.Draw(_blocks[place % _blocksPerEpoch], _recipe.Masking.Part, _maskId, _vocabulary, Seeds.RandomOf(_recipe.Seed, SeedPurpose.Masks, place));
    }
}
