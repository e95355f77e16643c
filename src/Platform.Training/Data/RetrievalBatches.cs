using Platform.Training.Recipes;

namespace Platform.Training.Data;

/// <summary>The batches of a run by their number: which queries, which of their passages.</summary>
internal sealed class RetrievalBatches(TokenisedData data, TrainingRecipe recipe)
{
    private readonly EpochOrder _order = new(data.Examples.Count, recipe.Seed);

    /// <summary>A batch; the same number gives the same batch whatever was drawn before.</summary>
    public RetrievalBatch At(long number)
    {
        Random random = Seeds.RandomOf(recipe.Seed, SeedPurpose.Passages, number);
        int group = 1 + recipe.NegativesTaken;
        var queries = new ReadOnlyMemory<int>[recipe.Batch];
        int[] passages = new int[recipe.Batch * group];
        int[][] positives = new int[recipe.Batch][];
        float[]? scores = null;
        for (int i = 0; i < recipe.Batch; i++)
        {
            TokenisedExample example = data.Examples[_order.At((number * recipe.Batch) + i)];
            queries[i] = example.Query;
            positives[i] = example.Positives;
            int positive = random.Next(example.Positives.Length);
            int[] negatives = Draw(example.Negatives.Length, group - 1, random);
            passages[i * group] = example.Positives[positive];
            for (int j = 1; j < group; j++)
            {
                passages[(i * group) + j] = example.Negatives[negatives[j - 1]];
            }

            if (example.Scores is { } given)
            {
                scores ??= new float[passages.Length];
                scores[i * group] = given[positive];
                for (int j = 1; j < group; j++)
                {
                    scores[(i * group) + j] = given[example.Positives.Length + negatives[j - 1]];
                }
            }
        }

        return new RetrievalBatch(queries, Array.ConvertAll(passages, place => (ReadOnlyMemory<int>)data.Passages[place]), SameAsPositive(passages, positives, group), scores);
    }

    /// <summary>A few of many, all different, in the order drawn. Floyd's way (Bentley and Floyd 1987, doi:10.1145/30401.315746).</summary>
    private static int[] Draw(int count, int wanted, Random random)
    {
        List<int> drawn = new(wanted);
        for (int i = count - wanted; i < count; i++)
        {
            int candidate = random.Next(i + 1);
            drawn.Add(drawn.Contains(candidate) ? i : candidate);
        }

        return [.. drawn];
    }

    /// <summary>Which passages answer a query though they stand as another's; null where none does.</summary>
    private static bool[]? SameAsPositive(int[] passages, int[][] positives, int group)
    {
        bool[]? same = null;
        for (int query = 0; query < positives.Length; query++)
        {
            for (int place = 0; place < passages.Length; place++)
            {
                if (place != query * group && positives[query].Contains(passages[place]))
                {
                    same ??= new bool[positives.Length * passages.Length];
                    same[(query * passages.Length) + place] = true;
                }
            }
        }

        return same;
    }
}

/// <summary>The texts of one InfoNCE.</summary>
/// <param name="Queries">B of them.</param>
/// <param name="Passages">B(1+n), query by query, each one's positive first.</param>
/// <param name="SameAsPositive">[B, B(1+n)] row by row, see <see cref="Losses.InfoNce.Loss"/>; null for none.</param>
/// <param name="TeacherScores">[B, 1+n] row by row; null for none.</param>
internal sealed record RetrievalBatch(ReadOnlyMemory<int>[] Queries, ReadOnlyMemory<int>[] Passages, bool[]? SameAsPositive, float[]? TeacherScores);
