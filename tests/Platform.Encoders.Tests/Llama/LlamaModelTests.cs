using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Testing;
using static TorchSharp.torch;

namespace Platform.Encoders.Tests.Llama;

public sealed class LlamaModelTests
{
    private const double LargeDifference = 1e-2;

    [Theory]
    [InlineData("tiny-tied")]
    [InlineData("tiny-untied")]
    [InlineData("tiny-adapted")]
    public void Hidden_states_dense_and_sparse_vectors_are_those_of_plain_PyTorch(string name)
    {
        ReferenceFile reference = Reference.Read(name);
        Assert.Equal(10, reference.Cases.Length);
        foreach (ReferenceCase expected in reference.Cases)
        {
            using LlamaEncoder encoder = Open(name, expected.Causal);
            Reference.AssertClose(expected.Hidden, Hidden(encoder, expected.Ids));
            Reference.AssertClose(expected.Dense, encoder.EncodeDense([expected.Ids])[0]);
            Reference.AssertClose(expected.Sparse, Spread(encoder.EncodeSparse([expected.Ids])[0], encoder.Vocabulary));
        }
    }

    [Theory]
    [InlineData("tiny-tied")]
    [InlineData("tiny-untied")]
    public void Rope_frequencies_are_those_of_the_reference(string name)
    {
        double[] expected = Reference.Read(name).InverseFrequencies;
        double[] actual = RotaryEmbedding.InverseFrequencies(LlamaConfig.Read(Reference.Folder(name)));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, pair.First * 1e-12));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_on_either_side_changes_no_vector(bool causal)
    {
        using LlamaEncoder encoder = Open("tiny-untied", causal);
        ReadOnlyMemory<int>[] texts = Texts();
        float[][] packed = encoder.EncodeDense(texts);
        SparseVector[] packedSparse = encoder.EncodeSparse(texts);
        foreach (bool left in (bool[])[false, true])
        {
            using IDisposable inference = inference_mode(true);
            using var scope = NewDisposeScope();
            using var batch = TokenBatch.Pad(texts, left, padId: 7, CPU);
            Tensor hidden = encoder.Model.Forward(batch);
            Tensor dense = DenseHead.Pool(hidden, batch);
            Tensor sparse = SparseHead.Weights(hidden, encoder.Model.Weights.Head, batch, SparseHead.LogitScale(encoder.Model.Config));
            for (int text = 0; text < texts.Length; text++)
            {
                Reference.AssertClose(packed[text], Numbers(dense[text]));
                Reference.AssertClose(Spread(packedSparse[text], encoder.Vocabulary), Numbers(sparse[text]));
            }
        }
    }

    [Fact]
    public void A_text_alone_in_any_batch_and_in_any_order_has_one_vector()
    {
        using LlamaEncoder encoder = Open("tiny-tied", causal: false);
        ReadOnlyMemory<int>[] texts = Texts();
        float[][] together = encoder.EncodeDense(texts);
        float[][] backwards = encoder.EncodeDense([.. texts.Reverse()]);
        for (int text = 0; text < texts.Length; text++)
        {
            Reference.AssertClose(encoder.EncodeDense([texts[text]])[0], together[text]);
            Reference.AssertClose(backwards[texts.Length - 1 - text], together[text]);
        }
    }

    [Fact]
    public void Deterministic_vectors_are_the_same_to_the_bit_whatever_stands_beside_them()
    {
        using LlamaEncoder encoder = LlamaEncoder.Open(Reference.Folder("tiny-tied"), new LlamaEncoderOptions { Deterministic = true });
        ReadOnlyMemory<int>[] texts = Texts();
        float[][] dense = encoder.EncodeDense(texts);
        SparseVector[] sparse = encoder.EncodeSparse(texts);
        for (int text = 0; text < texts.Length; text++)
        {
            Assert.Equal(encoder.EncodeDense([texts[text]])[0], dense[text]);
            Assert.Equal(encoder.EncodeSparse([texts[text]])[0].Weights, sparse[text].Weights);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_last_token_changes_the_first_tokens_state_unless_causal(bool causal)
    {
        using LlamaEncoder encoder = Open("tiny-tied", causal);
        float[] before = Hidden(encoder, [5, 6, 7, 8]);
        float[] after = Hidden(encoder, [5, 6, 7, 9]);
        double change = before.Take(encoder.Dimensions).Zip(after).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.True(causal ? change == 0 : change > LargeDifference, $"the first state changed by {change}");
    }

    [Fact]
    public void A_bfloat16_model_stays_near_the_float32_one()
    {
        using LlamaEncoder wide = Open("tiny-tied", causal: false);
        using LlamaEncoder narrow = LlamaEncoder.Open(Reference.Folder("tiny-tied"), new LlamaEncoderOptions { Arithmetic = Arithmetic.BFloat16 });
        Assert.Equal(Arithmetic.BFloat16, narrow.Arithmetic);
        foreach ((float[] expected, float[] actual) in wide.EncodeDense(Texts()).Zip(narrow.EncodeDense(Texts())))
        {
            Reference.AssertClose(expected, actual, 0.02);
        }
    }

    [Fact]
    public void An_adapter_adds_its_scaled_product_to_its_part_alone()
    {
        using var scope = NewDisposeScope();
        using var projection = new Projection(randn(6, 4), [new ProjectionPart("q_proj", 0, 2), new ProjectionPart("k_proj", 2, 4)]);
        Tensor x = randn(3, 4), down = randn(2, 4), up = randn(4, 2);
        Tensor before = projection.Apply(x);
        projection.Attach("k_proj", down.alias(), up.alias(), 0.5);
        Tensor change = projection.Apply(x) - before;
        Assert.Equal(0f, change.narrow(1, 0, 2).abs().max().item<float>());
        Assert.True(change.narrow(1, 2, 4).allclose(x.matmul(down.t()).matmul(up.t()) * 0.5, 1e-4, 1e-5));
    }

    [Fact]
    public void An_adapter_in_the_folder_changes_every_vector()
    {
        using LlamaEncoder bare = Open("tiny-untied", causal: false);
        using LlamaEncoder adapted = Open("tiny-adapted", causal: false);
        foreach ((float[] before, float[] after) in bare.EncodeDense(Texts()).Zip(adapted.EncodeDense(Texts())))
        {
            Assert.True(before.Zip(after).Max(pair => Math.Abs(pair.First - pair.Second)) > LargeDifference);
        }
    }

    [TestDataFact]
    public void A_real_checkpoint_gives_its_golden_logits_and_losses()
    {
        GoldenReport report = GoldenCheck.Run(TestData.PathOf("models", "stories260K"));
        Assert.True(report.Passed, string.Join(Environment.NewLine, report.Faults));
        Assert.Equal(6, report.Cases);
        Assert.InRange(report.Largest!.Size, 0, 1e-4);
        Assert.InRange(report.LargestLoss!.Size, 0, 1e-4);
    }

    [Fact]
    public void Texts_that_the_model_does_not_take_are_refused_with_the_limit()
    {
        using LlamaEncoder encoder = Open("tiny-tied", causal: false);
        Assert.Contains("1 to 64", Assert.Throws<ArgumentException>(() => encoder.EncodeDense([new int[65]])).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 64", Assert.Throws<ArgumentException>(() => encoder.EncodeDense([Array.Empty<int>()])).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 100", Assert.Throws<ArgumentException>(() => encoder.EncodeSparse([(int[])[1, 101]])).Message, StringComparison.Ordinal);
        Assert.Empty(encoder.EncodeDense([]));
    }

    [Fact]
    public void A_cancelled_call_stops()
    {
        using LlamaEncoder encoder = Open("tiny-tied", causal: false);
        Assert.Throws<OperationCanceledException>(() => encoder.EncodeDense(Texts(), new CancellationToken(canceled: true)));
    }

    private static LlamaEncoder Open(string model, bool causal) =>
        LlamaEncoder.Open(Reference.Folder(model), new LlamaEncoderOptions { Causal = causal, Arithmetic = Arithmetic.Float32 });

    private static ReadOnlyMemory<int>[] Texts()
    {
        var random = new Random(3);
        return [.. ((int[])[5, 1, 17, 5, 30, 64, 2, 17]).Select(length => (ReadOnlyMemory<int>)Enumerable.Range(0, length).Select(_ => random.Next(101)).ToArray())];
    }

    private static float[] Hidden(LlamaEncoder encoder, int[] ids)
    {
        using IDisposable inference = inference_mode(true);
        using var scope = NewDisposeScope();
        using var batch = TokenBatch.Pack([ids], CPU);
        return Numbers(encoder.Model.Forward(batch));
    }

    private static float[] Numbers(Tensor tensor) => [.. tensor.contiguous().data<float>()];

    private static float[] Spread(SparseVector vector, int vocabulary)
    {
        float[] row = new float[vocabulary];
        for (int i = 0; i < vector.TermIds.Length; i++)
        {
            row[vector.TermIds[i]] = vector.Weights[i];
        }

        return row;
    }
}
