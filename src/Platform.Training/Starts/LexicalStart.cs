using System.Text;
using Platform.Encoders.Llama;
using Platform.Encoders.Text;
using static TorchSharp.torch;

namespace Platform.Training.Starts;

/// <summary>Weights of a new sparse model that match words before any training: what little training a small model gets goes into more than that.</summary>
/// <remarks>
/// Own method. The head is tied, and layers begin as the identity (output and down projections 0), so that a token's final state is its own
/// normalised embedding, and the logit of term j at token t is |e_j| √h times the cosine of the two. Three choices make that a weighted match:
/// <list type="bullet">
/// <item>Tokens of one stem (<c>Read</c>, <c> reading</c>) share most of their direction; others are random, so nearly orthogonal.</item>
/// <item>A first coordinate of -γ in every direction, turned by a final-norm gain of -k, takes kγ² off every cosine: what is not related falls
/// below 0, and ReLU makes it a true zero.</item>
/// <item>|e_j| is such that a term's weight is c √idf, so that a match counts c² idf.</item>
/// </list>
/// </remarks>
internal static class LexicalStart
{
    private const double Gamma = 0.4;
    private const double Gain = 1.5;                           // k: a threshold of kγ² = 0.24, 4 deviations of a random cosine at h = 192
    private const double OwnPart = 0.1;                        // of a direction's square that is the token's own and not its stem's
    private const double WeightOfIdf = 0.8;                    // c

    /// <summary>Makes the weights.</summary>
    /// <param name="config">A tied head.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="passages">Their token ids; document frequencies are counted over them.</param>
    /// <param name="seed">Draws directions.</param>
    public static LlamaWeights Create(LlamaConfig config, BpeVocabulary vocabulary, IReadOnlyList<int[]> passages, long seed)
    {
        using IDisposable noGrad = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        int[] stems = StemsOf(vocabulary, config.Vocabulary);
        double[] lengths = Lengths(config, stems, passages);
        Tensor Embedding(long[] shape)
        {
            using var scope = NewDisposeScope();
            Tensor directions = randn([config.Vocabulary, shape[1]], generator: generator);                   // [V, h] one a stem
            Tensor own = randn([config.Vocabulary, shape[1]], generator: generator);                          // [V, h] one a token
            Tensor rows = directions.index_select(0, tensor(stems.Select(stem => (long)stem).ToArray()));     // [V, h]
            rows = (rows * Math.Sqrt(1 - OwnPart)) + (own * Math.Sqrt(OwnPart));
            rows.select(1, 0).zero_();
            rows = nn.functional.normalize(rows, p: 2, dim: 1) * Math.Sqrt(1 - (Gamma * Gamma));
            rows.select(1, 0).fill_(-Gamma);
            return (rows * tensor(lengths, dtype: ScalarType.Float32).unsqueeze(1)).MoveToOuterDisposeScope();
        }

        return LlamaWeights.Build(config, (name, shape) =>
        {
            if (name == LlamaNames.Embedding)
            {
                return Embedding(shape);
            }

            if (name == LlamaNames.FinalNorm)
            {
                Tensor gain = ones(shape);
                gain[0] = -Gain;
                return gain;
            }

            return name.Contains("norm", StringComparison.Ordinal) ? ones(shape)
                : name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal) ? zeros(shape)
                : empty(shape).normal_(0, 0.02, generator);
        });
    }

    /// <summary>For each token the first token of its stem.</summary>
    private static int[] StemsOf(BpeVocabulary vocabulary, int rows)
    {
        using var analyzer = new LexicalAnalyzer();
        Dictionary<string, int> first = [];
        int[] stems = new int[rows];
        for (int id = 0; id < rows; id++)
        {
            string text = Encoding.UTF8.GetString(vocabulary.BytesOf(id)).Trim();
            IReadOnlyList<string> terms = text.Length > 1 && text.All(char.IsLetter) ? analyzer.Analyze(text) : [];
            string stem = terms.Count == 1 ? terms[0] : text.ToLowerInvariant();
            stems[id] = text.Length == 0 || text.Contains('\uFFFD') || !first.TryGetValue(stem, out int same) ? id : same;
            _ = first.TryAdd(stem, id);
        }

        return stems;
    }

    /// <summary>For each token the length of its embedding that gives its term the weight c √idf.</summary>
    private static double[] Lengths(LlamaConfig config, int[] stems, IReadOnlyList<int[]> passages)
    {
        int[] frequencies = new int[stems.Length];
        foreach (int[] passage in passages)
        {
            foreach (int stem in passage.Select(id => stems[id]).Distinct())
            {
                frequencies[stem]++;
            }
        }

        double ownCosine = 1 - (Gamma * Gamma) - (Gain * Gamma * Gamma);
        double logitOfLength = ownCosine * Math.Sqrt(config.Hidden) * Math.Pow(config.Hidden, -0.25);
        return Array.ConvertAll(stems, stem =>
        {
            double idf = Math.Log(1 + ((passages.Count - frequencies[stem] + 0.5) / (frequencies[stem] + 0.5)));
            return Math.Max(0.05, (Math.Exp(WeightOfIdf * Math.Sqrt(idf)) - 1) / logitOfLength);
        });
    }
}
