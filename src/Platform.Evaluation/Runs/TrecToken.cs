namespace Platform.Evaluation.Runs;

/// <summary>What a column of a TREC file can hold.</summary>
internal static class TrecToken
{
    public static void Check(string token, string what)
    {
        if (token.Length == 0 || token.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            throw new ArgumentException(
                $"The {what} '{token}' is empty or has whitespace; a TREC file separates its columns by whitespace. " +
                "Use an id without it.", nameof(token));
        }
    }

    public static void CheckScore(string queryId, RunResult result)
    {
        if (double.IsNaN(result.Score))
        {
            throw new ArgumentException(
                $"Query '{queryId}', document '{result.DocumentId}': the score is NaN; a run orders by score. " +
                "Give a number.", nameof(result));
        }
    }
}
