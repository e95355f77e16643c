namespace Platform.Encoders.Heads;

/// <summary>A text as weights of terms.</summary>
/// <param name="TermIds">Ascending, without repetition.</param>
/// <param name="Weights">One a term, each above 0.</param>
public sealed record SparseVector(int[] TermIds, float[] Weights)
{
    /// <summary>Keeps what is above zero, and of it the greatest if a number is given; equal weights go to the lower term.</summary>
    /// <param name="row">One weight a term of the vocabulary.</param>
    /// <param name="top">How many terms to keep; null for all.</param>
    /// <exception cref="InvalidDataException">A weight is not a number or infinite: the model's numbers overflowed.</exception>
    internal static SparseVector FromDense(ReadOnlySpan<float> row, int? top)
    {
        var terms = new List<int>();
        for (int term = 0; term < row.Length; term++)
        {
            if (!float.IsFinite(row[term]))
            {
                throw new InvalidDataException($"The weight of term {term} is {row[term]}: the model's numbers overflowed. Encode in float32, or check the checkpoint.");
            }

            if (row[term] > 0)
            {
                terms.Add(term);
            }
        }

        int[] kept = [.. terms];
        if (top < kept.Length)
        {
            float[] keys = new float[kept.Length];
            for (int i = 0; i < kept.Length; i++)
            {
                keys[i] = -row[kept[i]];
            }

            int[] byWeight = [.. kept.Zip(keys).OrderBy(pair => pair.Second).ThenBy(pair => pair.First).Take(top.Value).Select(pair => pair.First)];
            Array.Sort(byWeight);
            kept = byWeight;
        }

        float[] weights = new float[kept.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            weights[i] = row[kept[i]];
        }

        return new SparseVector(kept, weights);
    }
}
