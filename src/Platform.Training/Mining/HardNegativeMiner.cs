using System.Text.Json;
using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Training.Data;

namespace Platform.Training.Mining;

/// <summary>Searches hard negatives: passages that rank high for a query and do not answer it. Xiong et al. 2020, arXiv:2007.00808.</summary>
/// <remarks>
/// Every passage of the examples is indexed; each query is searched; its positives, what scores nearly as high as the best of them, and ranks
/// outside the wanted range are left out; negatives are drawn from the rest. The passages are held in memory.
/// </remarks>
public static class HardNegativeMiner
{
    /// <summary>Mines, and writes examples in the layout <see cref="TrainingFormat.FlagEmbedding"/>.</summary>
    /// <param name="request">What to mine.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="progress">Told the examples done; null for nobody.</param>
    /// <param name="cancellationToken">Gives up; what was written stays.</param>
    /// <exception cref="ArgumentException">The request is out of range, or its model has no sparse head.</exception>
    /// <exception cref="TrainingFormatException">The data are broken.</exception>
    public static async Task<MiningResult> RunAsync(MiningRequest request, Stream output, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (request.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(request));
        }

        using LlamaTextEncoder? encoder = request.Model is { } model ? LlamaTextEncoder.Open(model, new LlamaEncoderOptions()) : null;
        if (encoder is { Contract.Head: not EncoderHead.Sparse })
        {
            throw new ArgumentException($"Model '{request.Model!.Manifest.Id}' has a dense head; mining searches with a sparse one, or with BM25.", nameof(request));
        }

        var passages = new List<TrainingPassage>();
        var numbers = new Dictionary<string, int>();
        var examples = new List<(string Query, int[] Positives)>();
        await foreach (SourcedExample sourced in new TrainingSources(request.Recipe, request.RecipeFolder).ReadAsync(cancellationToken))
        {
            int[] Number(IEnumerable<TrainingPassage> of) => [.. of.Select(passage =>
            {
                string text = $"{passage.Title}\n{passage.Text}";
                if (numbers.TryAdd(text, passages.Count))
                {
                    passages.Add(passage);
                }

                return numbers[text];
            })];
            examples.Add((sourced.Example.Query, Number(sourced.Example.Positives)));
            _ = Number(sourced.Example.Negatives);
        }

        await using PassageIndex index = await PassageIndex.CreateAsync(encoder, cancellationToken);
        await index.AddAsync(passages.Select((passage, i) => (i, passage.Title, passage.Text!)), cancellationToken);
        return await WriteAsync(request, index, passages, examples, output, progress, cancellationToken);
    }

    private static async Task<MiningResult> WriteAsync(
        MiningRequest request, PassageIndex index, List<TrainingPassage> passages, List<(string Query, int[] Positives)> examples,
        Stream output, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        (long written, long without, long negatives) = (0, 0, 0);
        for (int i = 0; i < examples.Count; i++)
        {
            (string query, int[] positives) = examples[i];
            int[] found = Choose(request, index.Search(query, request.LastRank + positives.Length, cancellationToken), positives, Seeds.RandomOf(request.Seed, SeedPurpose.Passages, i));
            if (found.Length == 0)
            {
                without++;
            }
            else
            {
                written++;
                negatives += found.Length;
                byte[] line = JsonSerializer.SerializeToUtf8Bytes(new { query, pos = positives.Select(TextOf), neg = found.Select(TextOf) });
                await output.WriteAsync(line, cancellationToken);
                await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
            }

            progress?.Report(i + 1);
        }

        return new MiningResult(written, without, passages.Count, negatives);

        string TextOf(int number) => $"{passages[number].Title} {passages[number].Text}".Trim();
    }

    /// <summary>Draws negatives of one query from its ranking, in the ranking's order.</summary>
    internal static int[] Choose(MiningRequest request, IReadOnlyList<(int Number, double Score)> ranking, int[] positives, Random random)
    {
        double best = ranking.Where(hit => positives.Contains(hit.Number)).Select(hit => hit.Score).DefaultIfEmpty(double.PositiveInfinity).Max();
        (int Number, double Score)[] others = [.. ranking.Where(hit => !positives.Contains(hit.Number))];
        int[] candidates = [.. others.Take(request.LastRank).Skip(request.FirstRank - 1).Where(hit => hit.Score < request.MostOfPositive * best).Select(hit => hit.Number)];
        int[] order = [.. Enumerable.Range(0, candidates.Length)];
        random.Shuffle(order);
        return [.. order.Take(request.Negatives).Order().Select(place => candidates[place])];
    }
}
