using System.Security.Cryptography;
using System.Text;
using Platform.Encoders.Text;
using Platform.Training.Losses;
using Platform.Training.Recipes;

namespace Platform.Training.Data;

/// <summary>All training examples as token ids, checked: what is wrong with data is found here, before the first step.</summary>
/// <remarks>Held in memory, each distinct passage once; 4 bytes a token.</remarks>
internal sealed class TokenisedData
{
    private const long MaxTokens = 1L << 29;                   // 2 GiB

    private readonly List<TokenisedExample> _examples = [];
    private readonly List<int[]> _passages = [];
    private readonly Dictionary<string, int> _passageOfText = [];

    private TokenisedData()
    {
    }

    /// <summary>The examples in the order of the sources.</summary>
    public IReadOnlyList<TokenisedExample> Examples => _examples;

    /// <summary>The distinct passages.</summary>
    public IReadOnlyList<int[]> Passages => _passages;

    /// <summary>Tokens of all queries and distinct passages.</summary>
    public long Tokens { get; private set; }

    /// <summary>SHA-256 over all texts and scores, 64 hexadecimal digits.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Reads, checks and tokenises.</summary>
    /// <exception cref="TrainingFormatException">The first fault, with its file and line.</exception>
    public static async Task<TokenisedData> LoadAsync(TrainingRecipe recipe, TrainingSources sources, ContractTokenizer tokenizer, CancellationToken cancellationToken)
    {
        var data = new TokenisedData();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        SourcedExample? last = null;
        await foreach (SourcedExample sourced in sources.ReadAsync(cancellationToken))
        {
            last = sourced;
            data.Add(sourced, recipe, tokenizer, hash, cancellationToken);
        }

        if (data._examples.Count < recipe.Batch && recipe.Stage == TrainingStage.Retrieval)
        {
            int found = data._examples.Count;
            throw last?.Fault($"the last of {found} examples", $"{recipe.Batch} examples or more, a whole batch", "Give more data, or a smaller batch.")
                ?? TrainingFormatException.At(recipe.Data[0].File ?? DotNetPairs.Name, 1, "no example", "one example a line", "Give data.");
        }

        data._passageOfText.Clear();
        data.Hash = Convert.ToHexStringLower(hash.GetHashAndReset());
        return data;
    }

    private void Add(SourcedExample sourced, TrainingRecipe recipe, ContractTokenizer tokenizer, IncrementalHash hash, CancellationToken cancellationToken)
    {
        TrainingExample example = sourced.Example;
        bool ranks = recipe.Stage == TrainingStage.Retrieval;
        if (ranks && recipe.Objective.NeedsTeacher() && !example.HasTeacherScores)
        {
            throw sourced.Fault("an example without a teacher's scores", $"scores, for objective {recipe.Objective}", "Score the file, or train with objective contrastive.");
        }

        if (ranks && example.Negatives.Count < recipe.NegativesTaken)
        {
            throw sourced.Fault($"{example.Negatives.Count} negatives", $"{recipe.NegativesTaken} or more, as the recipe takes so many", "Mine negatives first, or lower negatives in the recipe.");
        }

        int[] query = tokenizer.EncodeQuery(example.Query, cancellationToken);
        Take(hash, example.Query);
        if (query.Length == 0)
        {
            throw sourced.Fault("a query of no tokens", "a text to encode", "Remove the example.");
        }

        int PassageOf(TrainingPassage passage)
        {
            Take(hash, $"{passage.Title}\n{passage.Text}\n{passage.TeacherScore}");
            string text = $"{passage.Title}\n{passage.Text}";
            if (!_passageOfText.TryGetValue(text, out int place))
            {
                int[] tokens = tokenizer.EncodePassage(passage.Title, passage.Text!, cancellationToken);
                if (tokens.Length == 0)
                {
                    throw sourced.Fault("a passage of no tokens", "a text to encode", "Remove the passage.");
                }

                place = _passages.Count;
                _passages.Add(tokens);
                _passageOfText.Add(text, place);
                Tokens += tokens.Length;
            }

            return place;
        }

        Tokens += query.Length;
        _examples.Add(new TokenisedExample(
            query,
            [.. example.Positives.Select(PassageOf)],
            [.. example.Negatives.Select(PassageOf)],
            example.HasTeacherScores ? [.. example.Positives.Concat(example.Negatives).Select(passage => passage.TeacherScore!.Value)] : null));
        if (Tokens > MaxTokens)
        {
            throw sourced.Fault($"more than {MaxTokens:N0} tokens up to here", $"at most {MaxTokens:N0}, which are held in memory", "Train on a part of the data: limit.");
        }
    }

    private static void Take(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}

/// <summary>An example as token ids.</summary>
/// <param name="Query">Of the query.</param>
/// <param name="Positives">Places in <see cref="TokenisedData.Passages"/>.</param>
/// <param name="Negatives">Places in <see cref="TokenisedData.Passages"/>.</param>
/// <param name="Scores">The teacher's, positives first; null for none.</param>
internal sealed record TokenisedExample(int[] Query, int[] Positives, int[] Negatives, float[]? Scores);
