namespace Platform.Training.Masking;

/// <summary>A block in which some tokens are hidden, and what they were.</summary>
/// <remarks>BehnamGhader et al. 2024, arXiv:2404.05961 (MNTP); Devlin et al. 2019, arXiv:1810.04805 (80 % masked, 10 % random, 10 % kept).</remarks>
/// <param name="Input">The tokens as the model sees them.</param>
/// <param name="Chosen">The places to be predicted, ascending; never 0, which has no place before it.</param>
/// <param name="Targets">The true token of each chosen place.</param>
internal sealed record MaskedBlock(int[] Input, int[] Chosen, int[] Targets)
{
    private const double MaskedPart = 0.8;
    private const double RandomPart = 0.1;

    /// <summary>Chooses and hides.</summary>
    /// <param name="block">The tokens; not changed.</param>
    /// <param name="part">The chance of a place to be chosen, above 0 to 1; the reference has 0.2.</param>
    /// <param name="maskId">What stands for a hidden token.</param>
    /// <param name="vocabulary">Random tokens are 0 to this - 1.</param>
    /// <param name="random">Decides; one number sequence gives one outcome.</param>
    public static MaskedBlock Draw(ReadOnlySpan<int> block, double part, int maskId, int vocabulary, Random random)
    {
        int[] input = block.ToArray();
        List<int> chosen = [];
        List<int> targets = [];
        for (int place = 1; place < input.Length; place++)
        {
            if (random.NextDouble() >= part)
            {
                continue;
            }

            chosen.Add(place);
            targets.Add(input[place]);
            double fate = random.NextDouble();
            input[place] = fate < MaskedPart ? maskId
                : fate < MaskedPart + RandomPart ? random.Next(vocabulary)
                : input[place];
        }

        return new MaskedBlock(input, [.. chosen], [.. targets]);
    }
}
