using System.Text.Json;
using Platform.Training.Masking;
using CsCheck;
using static TorchSharp.torch;

namespace Platform.Training.Tests.Masking;

public sealed class MntpTests
{
    [Fact]
    public void The_loss_reads_a_token_from_the_place_before_it_as_plain_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        JsonElement reference = TorchReference.Root.GetProperty("mntp");
        Tensor hidden = TorchReference.Input(reference, "hidden");
        Tensor head = TorchReference.Input(reference, "head");
        int length = reference.GetProperty("block").GetInt32();
        long[][] chosen = [.. reference.GetProperty("chosen").EnumerateArray().Select(TorchReference.Longs)];
        long[] targets = TorchReference.Longs(reference.GetProperty("targets"));
        MaskedBlock[] blocks = [.. Enumerable.Range(0, 2).Select(block =>
        {
            int[] mine = [.. Enumerable.Range(0, chosen.Length).Where(i => chosen[i][0] == block)];
            return new MaskedBlock(new int[length], [.. mine.Select(i => (int)chosen[i][1])], [.. mine.Select(i => (int)targets[i])]);
        })];

        Tensor loss = MntpLoss.Loss(hidden, head, blocks);
        loss.backward();

        Assert.Equal(reference.GetProperty("loss").GetDouble(), loss.item<double>(), 1e-9);
        TorchReference.AssertClose(TorchReference.Numbers(reference.GetProperty("gradients").GetProperty("hidden")), hidden.grad!);
        TorchReference.AssertClose(TorchReference.Numbers(reference.GetProperty("gradients").GetProperty("head")), head.grad!);
    }

    [Fact]
    public void Packing_keeps_every_token_in_order_and_drops_only_what_fills_no_block() =>
        Check.Sample(
            Gen.Select(Gen.Int[0, 99].Array[0, 20].Array[0, 12], Gen.Int[2, 9]),
            (texts, length) =>
            {
                int[] all = [.. texts.SelectMany(text => text)];
                int[][] blocks = [.. PackedBlocks.Of(texts.Select(text => new ReadOnlyMemory<int>(text)), length)];
                Assert.All(blocks, block => Assert.Equal(length, block.Length));
                Assert.Equal(all.Take(all.Length / length * length), blocks.SelectMany(block => block));
            });

    [Fact]
    public void A_fifth_is_chosen_and_of_it_four_fifths_are_masked_a_tenth_is_random_and_a_tenth_is_kept()
    {
        const int Mask = 5000;
        int[] block = [.. Enumerable.Range(0, 100_000).Select(i => i % 4000)];
        var masked = MaskedBlock.Draw(block, 0.2, Mask, 4000, new Random(3));

        int hidden = masked.Chosen.Count(place => masked.Input[place] == Mask);
        int kept = masked.Chosen.Count(place => masked.Input[place] == block[place]);
        Assert.InRange(masked.Chosen.Length / 100_000.0, 0.195, 0.205);
        Assert.InRange((double)hidden / masked.Chosen.Length, 0.785, 0.815);
        Assert.InRange((double)kept / masked.Chosen.Length, 0.09, 0.11);
        Assert.Equal(masked.Chosen.Select(place => block[place]), masked.Targets);
        Assert.DoesNotContain(0, masked.Chosen);
        HashSet<int> chosen = [.. masked.Chosen];
        Assert.All(Enumerable.Range(0, block.Length).Where(place => !chosen.Contains(place)), place => Assert.Equal(block[place], masked.Input[place]));
    }

    [Fact]
    public void The_same_seed_masks_the_same()
    {
        int[] block = [.. Enumerable.Range(0, 500)];
        Assert.Equal(MaskedBlock.Draw(block, 0.2, 7, 500, new Random(9)).Input, MaskedBlock.Draw(block, 0.2, 7, 500, new Random(9)).Input);
    }
}
